//! Column types. Tables are STRICT, so a column holds only its own storage class.

use covet_core::{
    error::{Error, Result},
    render::{
        Store,
        ansi::{self, literals, quoted},
    },
    schema::ColumnDef,
    value::{Digits, Kind, Value},
};

/// The storage class of a column.
pub fn column_type(column: &ColumnDef) -> &'static str {
    match column.kind {
        Kind::Bool | Kind::I16 | Kind::I32 | Kind::I64 | Kind::U8 | Kind::U16 | Kind::U32 | Kind::U64 => "INTEGER",
        Kind::F32 | Kind::F64 => "REAL",
        Kind::Decimal(digits) if digits.is_some_and(is_integer) => "INTEGER",
        Kind::Text
        | Kind::UuidText
        | Kind::DateTime
        | Kind::NaiveDateTime
        | Kind::Date
        | Kind::Time
        | Kind::Json
        | Kind::Decimal(_)
        | Kind::Array(_) => "TEXT",
        Kind::Bytes | Kind::Uuid | Kind::Ip => "BLOB",
    }
}

/// What the storage class does not check by itself.
pub fn condition(column: &ColumnDef) -> Option<String> {
    let name = quoted('"', column.name);
    if let Some(native) = column.native() {
        return Some(format!("{name} IN ({})", literals(native.values, "\\")));
    }
    let between = |low: i64, high: i64| Some(format!("{name} BETWEEN {low} AND {high}"));
    match (column.kind, column.max_length) {
        (Kind::Bool, _) => Some(format!("{name} IN (0, 1)")),
        (Kind::I16, _) => between(i16::MIN.into(), i16::MAX.into()),
        (Kind::I32, _) => between(i32::MIN.into(), i32::MAX.into()),
        (Kind::U8, _) => between(0, u8::MAX.into()),
        (Kind::U16, _) => between(0, u16::MAX.into()),
        (Kind::U32, _) => between(0, u32::MAX.into()),
        (Kind::U64, _) => Some(format!("{name} >= 0")),
        (Kind::Decimal(Some(digits)), _) if is_integer(digits) => {
            let most = 10_i64.pow(digits.precision.into()) - 1;
            between(-most, most)
        }
        (Kind::Decimal(Some(Digits { precision, .. })), _) => Some(format!("length({name}) = {}", precision + 1)),
        (Kind::UuidText, _) => Some(format!("{name} GLOB '{}'", uuid_glob())),
        (Kind::Ip, _) => {
            let is = |version: &str, length: u8| {
                format!("substr({name}, 1, 1) = x'{version}' AND length({name}) = {length}")
            };
            Some(format!("{} OR {}", is("04", 5), is("06", 17)))
        }
        (Kind::Json, _) => Some(format!("json_valid({name})")),
        (Kind::Text, Some(length)) => Some(format!("length({name}) <= {length}")),
        (
            Kind::I64
            | Kind::F32
            | Kind::F64
            | Kind::Decimal(None)
            | Kind::Text
            | Kind::Bytes
            | Kind::Uuid
            | Kind::DateTime
            | Kind::NaiveDateTime
            | Kind::Date
            | Kind::Time
            | Kind::Array(_),
            _,
        ) => None,
    }
}

/// A pattern has no counts.
fn uuid_glob() -> String {
    [8, 4, 4, 4, 12].map(|count| "[0-9a-f]".repeat(count)).join("-")
}

/// Up to 18 digits, all numbers fit into an INTEGER.
const MOST_INTEGER_DIGITS: u8 = 18;

fn is_integer(digits: Digits) -> bool {
    digits.precision <= MOST_INTEGER_DIGITS
}

/// A decimal loses its point, which the column knows: as an INTEGER, or as TEXT in the order of the numbers.
pub fn store(kind: Kind) -> Option<Store> {
    match kind {
        Kind::Decimal(Some(_)) => Some(decimal),
        Kind::U64 => Some(|value, _| value.signed()),
        Kind::UuidText => ansi::store(kind),
        Kind::Bool
        | Kind::I16
        | Kind::I32
        | Kind::I64
        | Kind::U8
        | Kind::U16
        | Kind::U32
        | Kind::F32
        | Kind::F64
        | Kind::Decimal(None)
        | Kind::Text
        | Kind::Bytes
        | Kind::Uuid
        | Kind::Ip
        | Kind::DateTime
        | Kind::NaiveDateTime
        | Kind::Date
        | Kind::Time
        | Kind::Json
        | Kind::Array(_) => None,
    }
}

fn decimal(value: Value, kind: Kind) -> Result<Value> {
    let (Value::Decimal(number), Kind::Decimal(Some(digits))) = (&value, kind) else { return Ok(value) };
    let mantissa = digits.fit(*number)?.mantissa();
    match i64::try_from(mantissa) {
        Ok(mantissa) if is_integer(digits) => Ok(Value::I64(mantissa)),
        Ok(_) | Err(_) => Ok(Value::Text(sortable(mantissa, digits).into_boxed_str())),
    }
}

/// The smallest number that has one digit too many. It is added, so that negative numbers begin with `0`, others
/// with `1`, and text order is their order.
fn offset(digits: Digits) -> i128 {
    10_i128.pow(digits.precision.into())
}

fn sortable(mantissa: i128, digits: Digits) -> String {
    let width = usize::from(digits.precision) + 1;
    format!("{:0width$}", mantissa + offset(digits))
}

/// The digits of a decimal that was stored as text.
pub fn mantissa(text: &str, digits: Digits) -> Result<i128> {
    let fits = text.len() == usize::from(digits.precision) + 1 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| fits).map(|number: i128| number - offset(digits));
    number.ok_or_else(|| Error::decode("the text is not a decimal as covet stores it"))
}

/// The format of `DateTime<Utc>`: fixed width, so that text order is time order.
pub const DATE_TIME: &str = "%Y-%m-%d %H:%M:%S%.6f";
/// The format of `NaiveDate`.
pub const DATE: &str = "%Y-%m-%d";
/// The format of `NaiveTime`.
pub const TIME: &str = "%H:%M:%S%.6f";

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn text_order_is_the_order_of_decimals() {
        let digits = Digits { precision: 20, scale: 2 };
        let most = 10_i128.pow(20) - 1;
        let numbers = [-most, -most + 1, -1_000, -10, -9, -1, 0, 1, 9, 10, 1_000, most - 1, most];
        let texts = numbers.map(|number| sortable(number, digits));
        assert!(texts.is_sorted());
        assert_eq!(texts.each_ref().map(|text| mantissa(text, digits).unwrap()), numbers);
        for wrong in ["", "1", "1.5", "0000000000000000000x1", "+10000000000000000000"] {
            assert!(mantissa(wrong, digits).is_err());
        }
    }
}

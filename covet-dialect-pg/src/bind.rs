//! Values into the binary format of the parameter that the server expects.

use crate::types;
use bytes::{BufMut, BytesMut};
use covet_core::{
    error::{Error, ErrorKind, Result},
    value::Value,
};
use std::{error::Error as StdError, fmt};
use tokio_postgres::types::{IsNull, Kind, ToSql, Type};

/// A value on its way. Its `Debug` is what the driver logs, so it shows nothing.
pub struct Parameter<'a>(pub &'a Value);

impl fmt::Debug for Parameter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

type Encoded = std::result::Result<IsNull, Box<dyn StdError + Sync + Send>>;

impl ToSql for Parameter<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Encoded {
        Ok(encode(self.0, ty, out)?)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Encoded {
        self.to_sql(ty, out)
    }
}

/// Appends a value in the binary format of a type.
///
/// # Errors
/// When it is not a value of the type, or does not fit into it.
pub fn encode(value: &Value, ty: &Type, out: &mut BytesMut) -> Result<IsNull> {
    if let Kind::Domain(base) = ty.kind() {
        return encode(value, base, out);
    }
    match value {
        Value::Null => return Ok(IsNull::Yes),
        Value::Bool(v) if *ty == Type::BOOL => out.put_u8(u8::from(*v)),
        Value::I16(v) => integer(i64::from(*v), ty, out)?,
        Value::I32(v) => integer(i64::from(*v), ty, out)?,
        Value::I64(v) => integer(*v, ty, out)?,
        Value::U8(v) => integer(i64::from(*v), ty, out)?,
        Value::U16(v) => integer(i64::from(*v), ty, out)?,
        Value::U32(v) => integer(i64::from(*v), ty, out)?,
        Value::U64(v) => match i64::try_from(*v) {
            Ok(v) => integer(v, ty, out)?,
            Err(_) => return value.clone().signed().map(|_| IsNull::No),
        },
        Value::F32(v) if *ty == Type::FLOAT4 => out.put_f32(*v),
        Value::F32(v) if *ty == Type::FLOAT8 => out.put_f64(f64::from(*v)),
        Value::F64(v) if *ty == Type::FLOAT8 => out.put_f64(*v),
        #[expect(clippy::cast_possible_truncation, reason = "the server rounds to `real` in the same way")]
        Value::F64(v) if *ty == Type::FLOAT4 => out.put_f32(*v as f32),
        Value::Text(v) if is_text(ty) => out.put_slice(v.as_bytes()),
        Value::Bytes(v) if *ty == Type::BYTEA => out.put_slice(v),
        Value::Uuid(v) if *ty == Type::UUID => out.put_slice(v.as_bytes()),
        Value::Ip(v) if *ty == Type::INET => types::put_ip(*v, out),
        Value::DateTime(v) if matches!(*ty, Type::TIMESTAMPTZ | Type::TIMESTAMP) => out.put_i64(types::micros(*v)?),
        Value::NaiveDateTime(v) if matches!(*ty, Type::TIMESTAMPTZ | Type::TIMESTAMP) => {
            out.put_i64(types::micros(v.and_utc())?);
        }
        Value::Time(v) if *ty == Type::TIME => out.put_i64(types::micros_of_day(*v)),
        Value::Decimal(v) if *ty == Type::NUMERIC => types::put_decimal(*v, out),
        Value::Json(v) if *ty == Type::JSONB => {
            out.put_u8(JSONB_VERSION);
            out.put_slice(v.as_bytes());
        }
        Value::Json(v) if *ty == Type::JSON => out.put_slice(v.as_bytes()),
        Value::Refused(_) => return value.check().map(|()| IsNull::Yes),
        Value::Date(v) if *ty == Type::DATE => out.put_i32(types::days(*v)?),
        Value::List(list) => {
            let Kind::Array(member) = ty.kind() else { return Err(mismatch(value, ty)) };
            array(list, member, out)?;
        }
        Value::Bool(_)
        | Value::F32(_)
        | Value::F64(_)
        | Value::Decimal(_)
        | Value::Text(_)
        | Value::Bytes(_)
        | Value::Uuid(_)
        | Value::Ip(_)
        | Value::DateTime(_)
        | Value::NaiveDateTime(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Json(_) => return Err(mismatch(value, ty)),
    }
    Ok(IsNull::No)
}

/// What stands before the text of a `jsonb`.
pub const JSONB_VERSION: u8 = 1;

/// Types whose binary format is their text.
pub fn is_text(ty: &Type) -> bool {
    matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)
        || matches!(ty.kind(), Kind::Enum(_))
}

/// Up to this, every integer is a floating-point number of 64 bits.
const MOST_EXACT: u64 = 1 << 53;

fn integer(n: i64, ty: &Type, out: &mut BytesMut) -> Result<()> {
    let fits = match *ty {
        Type::INT8 => {
            out.put_i64(n);
            true
        }
        Type::INT4 => i32::try_from(n).map(|n| out.put_i32(n)).is_ok(),
        Type::INT2 => i16::try_from(n).map(|n| out.put_i16(n)).is_ok(),
        Type::FLOAT4 => i16::try_from(n).map(|n| out.put_f32(f32::from(n))).is_ok(),
        Type::FLOAT8 if n.unsigned_abs() <= MOST_EXACT => {
            out.put_f64(n as f64);
            true
        }
        Type::FLOAT8 => false,
        _ => return Err(mismatch(&Value::I64(n), ty)),
    };
    if fits { Ok(()) } else { Err(out_of_range(ty)) }
}

/// One dimension from index 1: the count of dimensions, whether there are NULLs, the member's
/// type, the length, the first index, then each member behind its length.
fn array(list: &[Value], member: &Type, out: &mut BytesMut) -> Result<()> {
    out.put_i32(i32::from(!list.is_empty()));
    out.put_i32(i32::from(list.iter().any(Value::is_null)));
    out.put_u32(member.oid());
    if list.is_empty() {
        return Ok(());
    }
    out.put_i32(length(list.len())?);
    out.put_i32(1);
    list.iter().try_for_each(|value| measured(value, member, out))
}

/// Appends a value behind its length; the length of NULL is -1.
///
/// # Errors
/// As [`encode`].
pub fn measured(value: &Value, ty: &Type, out: &mut BytesMut) -> Result<()> {
    let at = out.len();
    out.put_i32(-1);
    if let IsNull::No = encode(value, ty, out)? {
        let written = length(out.len() - at - 4)?;
        if let Some(place) = out.get_mut(at..at + 4) {
            place.copy_from_slice(&written.to_be_bytes());
        }
    }
    Ok(())
}

fn length(length: usize) -> Result<i32> {
    i32::try_from(length).map_err(|_| Error::new(ErrorKind::Encode, "a value is longer than PostgreSQL can take"))
}

#[cold]
fn out_of_range(ty: &Type) -> Error {
    Error::new(ErrorKind::Encode, format!("a number is out of range for `{}`", ty.name()))
        .hint("use a wider type for the column")
}

#[cold]
fn mismatch(value: &Value, ty: &Type) -> Error {
    let what = match value {
        Value::Null => "NULL",
        Value::Bool(_) => "a boolean",
        Value::I16(_)
        | Value::I32(_)
        | Value::I64(_)
        | Value::U8(_)
        | Value::U16(_)
        | Value::U32(_)
        | Value::U64(_) => "an integer",
        Value::Decimal(_) => "a decimal",
        Value::F32(_) | Value::F64(_) => "a floating-point number",
        Value::Text(_) => "text",
        Value::Bytes(_) => "bytes",
        Value::Uuid(_) => "a UUID",
        Value::Ip(_) => "an IP address",
        Value::DateTime(_) | Value::NaiveDateTime(_) => "a date with a time",
        Value::Time(_) => "a time",
        Value::Json(_) => "JSON",
        Value::Refused(_) => "what no database can hold",
        Value::Date(_) => "a date",
        Value::List(_) => "a list",
    };
    Error::new(ErrorKind::Encode, format!("the server expects a parameter of type `{}`, not {what}", ty.name()))
        .hint("cast the placeholder to the type of the value: `$1::bigint`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_refused_rather_than_cut() {
        let out = &mut BytesMut::new();
        assert!(encode(&Value::I64(1 << 31), &Type::INT4, out).is_err());
        assert!(encode(&Value::I32(1 << 15), &Type::INT2, out).is_err());
        assert!(encode(&Value::I64((1 << 53) + 1), &Type::FLOAT8, out).is_err());
        assert!(out.is_empty());
        assert!(encode(&Value::I16(7), &Type::INT8, out).is_ok());
        assert_eq!(out[..], 7_i64.to_be_bytes());
    }

    #[test]
    fn errors_and_logs_show_no_value() {
        let value = Value::Text("secret".into());
        let error = encode(&value, &Type::INT4, &mut BytesMut::new()).err().unwrap();
        assert!(!format!("{error:?} {:?}", Parameter(&value)).contains("secret"));
    }
}

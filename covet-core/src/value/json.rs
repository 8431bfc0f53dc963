//! JSON documents. SQL NULL is `None`, JSON's `null` is a document.

use super::{Kind, NotNull, Refusal, Row, SqlType, Value, sql_type::null};
use crate::error::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Number, Value as Document};

/// A column that holds `T` as a JSON document: jsonb on PostgreSQL, JSON on MySQL and MariaDB, TEXT on SQLite.
///
/// Numbers come back exactly or not at all: integers of 64 bits, and `f64`. Objects lose the order of their
/// keys. A document is at most 100 levels deep, and its texts hold no NUL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Json<T>(pub T);

impl<T> std::ops::Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

static NOT_JSON: Refusal = Refusal {
    why: "a value cannot be written as JSON",
    way_out: "keys are texts, integers have at most 64 bits, and floating-point numbers are finite",
};
static NUL: Refusal =
    Refusal { why: "a text inside of JSON contains the character NUL", way_out: "remove it, or store it as `Vec<u8>`" };
static DEEP: Refusal = Refusal {
    why: "a JSON document is more than 100 levels deep",
    way_out: "store it as text, or as several documents",
};

/// MySQL stores no more levels.
const MOST_LEVELS: usize = 100;

fn encode(document: &Document) -> Value {
    let mut out = String::new();
    match write(&mut out, document, MOST_LEVELS) {
        Ok(()) => Value::Json(out.into_boxed_str()),
        Err(refusal) => Value::Refused(refusal),
    }
}

/// Writes keys in order and numbers without exponents, so that equal documents are equal texts, and
/// PostgreSQL keeps `1e16` a number with a point.
fn write(out: &mut String, document: &Document, levels: usize) -> Result<(), &'static Refusal> {
    let inside = || levels.checked_sub(1).ok_or(&DEEP);
    match document {
        Document::Null => out.push_str("null"),
        Document::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Document::Number(number) => out.push_str(&plain(&number.to_string())),
        Document::String(text) => write_text(out, text)?,
        Document::Array(list) => {
            out.push('[');
            for (at, item) in list.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(out, item, inside()?)?;
            }
            out.push(']');
        }
        Document::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            out.push('{');
            for (at, (key, item)) in entries.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(out, key)?;
                out.push(':');
                write(out, item, inside()?)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_text(out: &mut String, text: &str) -> Result<(), &'static Refusal> {
    if text.contains('\0') {
        return Err(&NUL);
    }
    out.push_str(&serde_json::to_string(text).map_err(|_| &NOT_JSON)?);
    Ok(())
}

/// The digits of a number without leading and trailing zeros, and the position of the point among them.
fn digits_of(number: &str) -> (String, i64) {
    let number = number.strip_prefix('-').unwrap_or(number);
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let leading = digits.len() - digits.trim_start_matches('0').len();
    let position = exponent.parse().unwrap_or(i64::MAX / 2) + len(whole.len()) - len(leading);
    let digits = digits.trim_matches('0');
    if digits.is_empty() { (String::new(), 0) } else { (digits.to_owned(), position) }
}

fn len(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// A number without an exponent, and with a point if it had one or an exponent.
fn plain(number: &str) -> String {
    if !number.contains(['e', 'E']) {
        return number.to_owned();
    }
    let (digits, position) = digits_of(number);
    let sign = if number.starts_with('-') { "-" } else { "" };
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    let behind = position - len(digits.len());
    if position <= 0 {
        format!("{sign}0.{}{digits}", zeros(-position))
    } else if behind >= 0 {
        format!("{sign}{digits}{}.0", zeros(behind))
    } else {
        let (whole, fraction) = digits.split_at(usize::try_from(position).unwrap_or(0));
        format!("{sign}{whole}.{fraction}")
    }
}

/// Up to so many characters without an exponent, `f64` keeps every number.
const ALWAYS_EXACT: usize = 15;

/// Whether `serde_json` would change a number of a document. It is asked, because a feature of that crate
/// makes it keep all of them.
fn changes_numbers(text: &str) -> bool {
    let mut left = text.as_bytes();
    while let Some((first, rest)) = left.split_first() {
        left = rest;
        if *first == b'"' {
            while let Some((byte, rest)) = left.split_first() {
                left = if *byte == b'\\' { rest.get(1..).unwrap_or_default() } else { rest };
                if *byte == b'"' {
                    break;
                }
            }
        } else if first.is_ascii_digit() || *first == b'-' {
            let more = left.iter().take_while(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte)).count();
            let at = text.len() - left.len() - 1;
            let number = text.get(at..=at + more).unwrap_or_default();
            left = left.get(more..).unwrap_or_default();
            if number.len() <= ALWAYS_EXACT && !number.contains(['e', 'E']) {
                continue;
            }
            if !number.parse::<Number>().is_ok_and(|kept| digits_of(&kept.to_string()) == digits_of(number)) {
                return true;
            }
        }
    }
    false
}

fn decode<T: DeserializeOwned>(row: &dyn Row, at: usize) -> Result<T> {
    let text = row.json(at)?.ok_or_else(null)?;
    let value = serde_json::from_str(text).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "the JSON document has another shape than its Rust type",
            serde_json::error::Category::Syntax
            | serde_json::error::Category::Eof
            | serde_json::error::Category::Io => "the value is not a JSON document that Rust can read",
        };
        Error::decode(what)
    })?;
    if changes_numbers(text) {
        return Err(Error::decode("a number in the JSON document has more digits than an `f64` or a `u64` keeps")
            .hint("store it there as a text"));
    }
    Ok(value)
}

#[diagnostic::do_not_recommend]
impl SqlType for Document {
    type Inner = Document;
    const KIND: Kind = Kind::Json;
    fn decode(row: &dyn Row, at: usize) -> Result<Self> {
        decode(row, at)
    }
    fn to_value(&self) -> Value {
        encode(self)
    }
}
#[diagnostic::do_not_recommend]
impl NotNull for Document {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> SqlType for Json<T> {
    type Inner = Json<T>;
    const KIND: Kind = Kind::Json;
    fn decode(row: &dyn Row, at: usize) -> Result<Self> {
        decode(row, at).map(Json)
    }
    fn to_value(&self) -> Value {
        serde_json::to_value(&self.0).map_or(Value::Refused(&NOT_JSON), |document| encode(&document))
    }
}
#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> NotNull for Json<T> {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equal_documents_are_equal_texts() {
        let text = |document: Document| {
            let mut out = String::new();
            write(&mut out, &document, MOST_LEVELS).map(|()| out)
        };
        assert_eq!(text(json!({"b": [1, -2.5, null], "a": "é\n"})).unwrap(), r#"{"a":"é\n","b":[1,-2.5,null]}"#);
        let numbers = "[10000000000000000.0,-0.000000125,12345000000000000000000.0]";
        assert_eq!(text(json!([1e16, -1.25e-7, 12345e18])).unwrap(), numbers);
        assert_eq!(text(json!("\0")).unwrap_err(), &NUL);
        assert_eq!(text(json!({ "\0": 1 })).unwrap_err(), &NUL);
        let deep = |levels| (0..levels).fold(Document::Null, |inner, _| Document::Array(vec![inner]));
        assert!(text(deep(100)).is_ok());
        assert_eq!(text(deep(101)).unwrap_err(), &DEEP);
    }

    #[test]
    fn numbers_that_would_change_are_found() {
        for kept in ["9223372036854775807", "18446744073709551615", "0.1", "1e5", "5e-324", "1.7976931348623157e308"] {
            assert!(!changes_numbers(kept), "{kept}");
        }
        for changed in ["18446744073709551616", "0.12345678901234567890", "1e400", "1e-400", "-9223372036854775809"] {
            assert!(changes_numbers(changed), "{changed}");
            assert!(changes_numbers(&format!("{{\"a\\\"\": [1, {changed}]}}")), "{changed}");
        }
        assert!(!changes_numbers(r#"{"18446744073709551616": "0.12345678901234567890"}"#));
    }
}

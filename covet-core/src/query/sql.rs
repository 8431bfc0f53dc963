//! What a query would send.

use crate::{
    error::Result,
    render::{Dialect, Prepared},
    tape::Tape,
    value::{Value, Values},
};
use std::fmt;

/// SQL text with the values of its placeholders, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Sql {
    /// The text.
    pub text: String,
    /// The values.
    pub binds: Values,
}

impl Sql {
    pub(crate) fn of(dialect: &dyn Dialect, tape: Tape) -> Result<Sql> {
        let prepared = Prepared::render(dialect, &tape.words)?;
        let binds = prepared.bind(tape.values)?;
        Ok(Sql { text: prepared.sql, binds })
    }
}

/// The text, then the values between ` -- [` and `]`.
impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        if self.binds.is_empty() {
            return Ok(());
        }
        f.write_str(" -- [")?;
        for (at, value) in self.binds.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            show(f, value)?;
        }
        f.write_str("]")
    }
}

fn show(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    match value {
        Value::Null => f.write_str("NULL"),
        Value::Bool(v) => write!(f, "{v}"),
        Value::I16(v) => write!(f, "{v}"),
        Value::I32(v) => write!(f, "{v}"),
        Value::I64(v) => write!(f, "{v}"),
        Value::U8(v) => write!(f, "{v}"),
        Value::U16(v) => write!(f, "{v}"),
        Value::U32(v) => write!(f, "{v}"),
        Value::U64(v) => write!(f, "{v}"),
        Value::F32(v) => write!(f, "{v:?}"),
        Value::F64(v) => write!(f, "{v:?}"),
        Value::Decimal(v) => write!(f, "{v}"),
        Value::Text(v) => write!(f, "{v:?}"),
        Value::Json(v) => f.write_str(v),
        Value::Bytes(v) => write!(f, "{} bytes", v.len()),
        Value::Uuid(v) => write!(f, "{v}"),
        Value::DateTime(v) => write!(f, "{}", v.format("%Y-%m-%d %H:%M:%S%.6fZ")),
        Value::NaiveDateTime(v) => write!(f, "{}", v.format("%Y-%m-%d %H:%M:%S%.6f")),
        Value::Date(v) => write!(f, "{v}"),
        Value::Time(v) => write!(f, "{}", v.format("%H:%M:%S%.6f")),
        Value::Refused(refusal) => write!(f, "<{}>", refusal.why),
        Value::List(list) => {
            f.write_str("(")?;
            for (at, value) in list.iter().enumerate() {
                if at > 0 {
                    f.write_str(", ")?;
                }
                show(f, value)?;
            }
            f.write_str(")")
        }
    }
}

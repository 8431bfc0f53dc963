//! Keys on their way back, for whoever does not know their type.

use super::{Kind, Row, SqlType, Value};
use crate::error::{Error, ErrorKind, Result};

/// Reads the value of a key.
///
/// # Errors
/// When the value is not of the kind, or keys of that kind are read by their type only.
pub(crate) fn key(row: &dyn Row, at: usize, kind: Kind) -> Result<Value> {
    Ok(match kind {
        Kind::I16 => Option::<i16>::decode(row, at)?.encode(),
        Kind::I32 => Option::<i32>::decode(row, at)?.encode(),
        Kind::I64 => Option::<i64>::decode(row, at)?.encode(),
        Kind::U8 => Option::<u8>::decode(row, at)?.encode(),
        Kind::U16 => Option::<u16>::decode(row, at)?.encode(),
        Kind::U32 => Option::<u32>::decode(row, at)?.encode(),
        Kind::U64 => Option::<u64>::decode(row, at)?.encode(),
        Kind::Text => Option::<String>::decode(row, at)?.encode(),
        Kind::Uuid => row.uuid(at)?.encode(),
        Kind::UuidText => row.uuid_text(at)?.encode(),
        Kind::Bool => row.bool(at)?.encode(),
        Kind::Bytes => Option::<Vec<u8>>::decode(row, at)?.encode(),
        Kind::Ip => row.ip(at)?.encode(),
        Kind::DateTime => row.date_time(at)?.encode(),
        Kind::NaiveDateTime => row.naive_date_time(at)?.encode(),
        Kind::Date => row.date(at)?.encode(),
        Kind::Time => row.time(at)?.encode(),
        Kind::Decimal(digits) => row.decimal(at, digits)?.encode(),
        Kind::F32 | Kind::F64 | Kind::Json | Kind::Array(_) => {
            return Err(Error::new(ErrorKind::Unsupported, "rows are found by a key of another type")
                .hint("keys are integers, texts, UUIDs, dates and times"));
        }
    })
}

//! Rows from the binary format of the type that the server announced.

use crate::{
    bind::{JSONB_VERSION, is_text},
    types,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use covet_core::{
    error::{Error, Result},
    value::{Digits, Row},
};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::error::Error as StdError;
use tokio_postgres::types::{FromSql, Type};
use uuid::Uuid;

/// A row of the driver.
pub struct PostgresRow<'a>(pub &'a tokio_postgres::Row);

/// The bytes of a value, whatever its type.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> std::result::Result<Raw<'a>, Box<dyn StdError + Sync + Send>> {
        Ok(Raw(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl<'a> PostgresRow<'a> {
    fn raw(&self, at: usize) -> Result<(&'a Type, Option<&'a [u8]>)> {
        let column = self.0.columns().get(at).ok_or_else(too_few)?;
        let raw: Option<Raw<'a>> = self.0.try_get(at).map_err(|_| broken())?;
        Ok((column.type_(), raw.map(|raw| raw.0)))
    }

    /// Decodes a value that is not NULL; `decode` gives `None` for a type that is not `what`.
    fn get<T>(
        &self,
        at: usize,
        what: &str,
        decode: impl FnOnce(&Type, &'a [u8]) -> Option<Result<T>>,
    ) -> Result<Option<T>> {
        let (ty, raw) = self.raw(at)?;
        let Some(raw) = raw else { return Ok(None) };
        decode(ty, raw).unwrap_or_else(|| Err(mismatch(what, ty))).map(Some)
    }
}

fn fixed<const N: usize>(raw: &[u8]) -> Result<[u8; N]> {
    raw.try_into().map_err(|_| broken())
}

#[cold]
fn too_few() -> Error {
    Error::decode("the row has too few columns")
}

#[cold]
fn broken() -> Error {
    Error::decode("the server sent a value in a form that is not its type's")
}

#[cold]
fn mismatch(what: &str, ty: &Type) -> Error {
    Error::decode(format!("expected {what}, the server sent `{}`", ty.name()))
}

#[cold]
fn out_of_range() -> Error {
    Error::decode("the date is infinite or out of range")
}

impl Row for PostgresRow<'_> {
    fn width(&self) -> usize {
        self.0.len()
    }

    fn name(&self, at: usize) -> Option<Cow<'_, str>> {
        self.0.columns().get(at).map(|column| column.name().into())
    }

    fn is_null(&self, at: usize) -> Result<bool> {
        Ok(self.raw(at)?.1.is_none())
    }

    fn bool(&self, at: usize) -> Result<Option<bool>> {
        self.get(at, "a boolean", |ty, raw| match *ty {
            Type::BOOL => Some(fixed(raw).map(|[byte]| byte != 0)),
            _ => None,
        })
    }

    fn i64(&self, at: usize) -> Result<Option<i64>> {
        self.get(at, "an integer", |ty, raw| match *ty {
            Type::INT8 => Some(fixed(raw).map(i64::from_be_bytes)),
            Type::INT4 => Some(fixed(raw).map(|raw| i32::from_be_bytes(raw).into())),
            Type::INT2 => Some(fixed(raw).map(|raw| i16::from_be_bytes(raw).into())),
            Type::OID => Some(fixed(raw).map(|raw| u32::from_be_bytes(raw).into())),
            _ => None,
        })
    }

    fn f64(&self, at: usize) -> Result<Option<f64>> {
        self.get(at, "a floating-point number", |ty, raw| match *ty {
            Type::FLOAT8 => Some(fixed(raw).map(f64::from_be_bytes)),
            Type::FLOAT4 => Some(fixed(raw).map(|raw| f32::from_be_bytes(raw).into())),
            _ => None,
        })
    }

    fn text(&self, at: usize) -> Result<Option<&str>> {
        self.get(at, "text", |ty, raw| {
            is_text(ty).then(|| std::str::from_utf8(raw).map_err(|_| Error::decode("the text is not UTF-8")))
        })
    }

    fn bytes(&self, at: usize) -> Result<Option<&[u8]>> {
        self.get(at, "bytes", |ty, raw| (*ty == Type::BYTEA).then_some(Ok(raw)))
    }

    fn uuid(&self, at: usize) -> Result<Option<Uuid>> {
        self.get(at, "a UUID", |ty, raw| (*ty == Type::UUID).then(|| fixed(raw).map(Uuid::from_bytes)))
    }

    fn date_time(&self, at: usize) -> Result<Option<DateTime<Utc>>> {
        self.get(at, "a date with a time", |ty, raw| {
            matches!(*ty, Type::TIMESTAMPTZ | Type::TIMESTAMP)
                .then(|| types::date_time(i64::from_be_bytes(fixed(raw)?)).ok_or_else(out_of_range))
        })
    }

    fn date(&self, at: usize) -> Result<Option<NaiveDate>> {
        self.get(at, "a date", |ty, raw| {
            (*ty == Type::DATE).then(|| types::date(i32::from_be_bytes(fixed(raw)?)).ok_or_else(out_of_range))
        })
    }
    fn decimal(&self, at: usize, _: Option<Digits>) -> Result<Option<Decimal>> {
        self.get(at, "a decimal", |ty, raw| {
            (*ty == Type::NUMERIC).then(|| {
                types::decimal(raw)
                    .ok_or_else(|| Error::decode("the decimal is NaN, infinite, or has more digits than a `Decimal`"))
            })
        })
    }

    fn time(&self, at: usize) -> Result<Option<NaiveTime>> {
        self.get(at, "a time", |ty, raw| {
            (*ty == Type::TIME).then(|| {
                let time = types::time(i64::from_be_bytes(fixed(raw)?));
                time.ok_or_else(|| Error::decode("the time is not within the day"))
            })
        })
    }

    fn json(&self, at: usize) -> Result<Option<&str>> {
        self.get(at, "JSON", |ty, raw| {
            let text = match (ty, raw) {
                (&Type::JSONB, [JSONB_VERSION, text @ ..]) | (&Type::JSON, text) => text,
                (&Type::JSONB, _) => return Some(Err(broken())),
                _ => return None,
            };
            Some(std::str::from_utf8(text).map_err(|_| Error::decode("the text is not UTF-8")))
        })
    }
}

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
use std::{borrow::Cow, error::Error as StdError, net::IpAddr};
use tokio_postgres::types::{FromSql, Kind, Type};
use uuid::Uuid;

/// How the bytes of a column are read. Found out once for each statement that is prepared, so that a getter
/// compares a small number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Text,
    Bytea,
    Uuid,
    Inet,
    Timestamp,
    Date,
    Time,
    Numeric,
    Json,
    Jsonb,
    /// No getter takes it.
    Other,
}

impl Format {
    pub fn of(ty: &Type) -> Format {
        if let Kind::Domain(base) = ty.kind() {
            return Format::of(base);
        }
        match *ty {
            Type::BOOL => Format::Bool,
            Type::INT2 => Format::Int2,
            Type::INT4 => Format::Int4,
            Type::INT8 => Format::Int8,
            Type::OID => Format::Oid,
            Type::FLOAT4 => Format::Float4,
            Type::FLOAT8 => Format::Float8,
            Type::BYTEA => Format::Bytea,
            Type::UUID => Format::Uuid,
            Type::INET => Format::Inet,
            Type::TIMESTAMP | Type::TIMESTAMPTZ => Format::Timestamp,
            Type::DATE => Format::Date,
            Type::TIME => Format::Time,
            Type::NUMERIC => Format::Numeric,
            Type::JSON => Format::Json,
            Type::JSONB => Format::Jsonb,
            _ if is_text(ty) => Format::Text,
            _ => Format::Other,
        }
    }
}

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

/// The values of a row, or of an array, as the server sent them.
trait Cells {
    fn width(&self) -> usize;

    fn raw(&self, at: usize) -> Result<(Format, Option<&[u8]>)>;

    fn ty(&self, at: usize) -> Option<&Type>;

    fn name(&self, _at: usize) -> Option<Cow<'_, str>> {
        None
    }
}

/// A row of the driver, and the formats of its columns.
struct Received<'a> {
    row: &'a tokio_postgres::Row,
    formats: &'a [Format],
}

impl Cells for Received<'_> {
    fn width(&self) -> usize {
        self.formats.len()
    }

    // Each getter has its own, which saves a call for each value.
    #[inline]
    fn raw(&self, at: usize) -> Result<(Format, Option<&[u8]>)> {
        let format = *self.formats.get(at).ok_or_else(too_few)?;
        let raw: Option<Raw<'_>> = self.row.try_get(at).map_err(|_| broken())?;
        Ok((format, raw.map(|raw| raw.0)))
    }

    fn ty(&self, at: usize) -> Option<&Type> {
        self.row.columns().get(at).map(tokio_postgres::Column::type_)
    }

    fn name(&self, at: usize) -> Option<Cow<'_, str>> {
        self.row.columns().get(at).map(|column| column.name().into())
    }
}

/// The elements of an array.
struct Elements<'a> {
    ty: &'a Type,
    format: Format,
    raw: Vec<Option<&'a [u8]>>,
}

impl<'a> Elements<'a> {
    /// The count of dimensions, whether there are NULLs, the elements' type, then for the one dimension the length and
    /// the first index, then each element behind its length, which is -1 for NULL.
    fn read(ty: &'a Type, raw: &'a [u8]) -> Option<Result<Elements<'a>>> {
        let Kind::Array(ty) = ty.kind() else { return None };
        let mut rest = raw;
        let mut number = || -> Result<i32> {
            let (number, behind) = rest.split_first_chunk().ok_or_else(broken)?;
            rest = behind;
            Ok(i32::from_be_bytes(*number))
        };
        let mut head = || Ok([number()?, number()?, number()?]);
        let dimensions = match head() {
            Ok([dimensions, ..]) => dimensions,
            Err(error) => return Some(Err(error)),
        };
        let format = Format::of(ty);
        match dimensions {
            0 => Some(Ok(Elements { ty, format, raw: Vec::new() })),
            1 => Some(elements(rest).map(|raw| Elements { ty, format, raw })),
            _ => Some(Err(Error::decode("the array has more than one dimension")
                .hint("unnest it in SQL of your own, or correct the row"))),
        }
    }
}

/// The elements behind the head of an array of one dimension.
fn elements(raw: &[u8]) -> Result<Vec<Option<&[u8]>>> {
    let (length, rest) = raw.split_first_chunk().ok_or_else(broken)?;
    let mut rest = rest.get(4..).ok_or_else(broken)?;
    // An element has four bytes at least, so that a wrong length asks for no memory.
    let mut elements = Vec::with_capacity(rest.len() / 4);
    for _ in 0..i32::from_be_bytes(*length) {
        let (length, behind) = rest.split_first_chunk().ok_or_else(broken)?;
        let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
            elements.push(None);
            rest = behind;
            continue;
        };
        let (element, behind) = behind.split_at_checked(length).ok_or_else(broken)?;
        elements.push(Some(element));
        rest = behind;
    }
    Ok(elements)
}

impl Cells for Elements<'_> {
    fn width(&self) -> usize {
        self.raw.len()
    }

    fn raw(&self, at: usize) -> Result<(Format, Option<&[u8]>)> {
        Ok((self.format, *self.raw.get(at).ok_or_else(too_few)?))
    }

    fn ty(&self, _at: usize) -> Option<&Type> {
        Some(self.ty)
    }
}

/// The row that covet decodes.
struct PostgresRow<C>(C);

/// A row of the driver, with the formats of its columns.
pub fn received<'a>(row: &'a tokio_postgres::Row, formats: &'a [Format]) -> impl Row + 'a {
    PostgresRow(Received { row, formats })
}

impl<C: Cells> PostgresRow<C> {
    /// Decodes a value that is not NULL; `decode` gives `None` for a format that is not `what`.
    fn get<'a, T>(
        &'a self,
        at: usize,
        what: &str,
        decode: impl FnOnce(Format, &'a [u8]) -> Option<Result<T>>,
    ) -> Result<Option<T>> {
        let (format, raw) = self.0.raw(at)?;
        let Some(raw) = raw else { return Ok(None) };
        decode(format, raw).unwrap_or_else(|| Err(self.mismatch(at, what))).map(Some)
    }

    #[cold]
    fn mismatch(&self, at: usize, what: &str) -> Error {
        let name = self.0.ty(at).map_or("", Type::name);
        Error::decode(format!("expected {what}, the server sent `{name}`"))
    }
}

fn fixed<const N: usize>(raw: &[u8]) -> Result<[u8; N]> {
    raw.try_into().map_err(|_| broken())
}

#[inline]
fn utf8(raw: &[u8]) -> Result<&str> {
    std::str::from_utf8(raw).map_err(|_| Error::decode("the text is not UTF-8"))
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
fn out_of_range() -> Error {
    Error::decode("the date is infinite or out of range")
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other format is the same error")]
impl<C: Cells> Row for PostgresRow<C> {
    fn width(&self) -> usize {
        self.0.width()
    }

    fn name(&self, at: usize) -> Option<Cow<'_, str>> {
        self.0.name(at)
    }

    fn is_null(&self, at: usize) -> Result<bool> {
        Ok(self.0.raw(at)?.1.is_none())
    }

    fn array(&self, at: usize) -> Result<Option<Box<dyn Row + '_>>> {
        self.get(at, "an array", |_, raw| {
            let elements = Elements::read(self.0.ty(at)?, raw)?;
            Some(elements.map(|elements| Box::new(PostgresRow(elements)) as Box<dyn Row + '_>))
        })
    }

    fn bool(&self, at: usize) -> Result<Option<bool>> {
        self.get(at, "a boolean", |format, raw| match format {
            Format::Bool => Some(fixed(raw).map(|[byte]| byte != 0)),
            _ => None,
        })
    }

    fn i64(&self, at: usize) -> Result<Option<i64>> {
        self.get(at, "an integer", |format, raw| match format {
            Format::Int8 => Some(fixed(raw).map(i64::from_be_bytes)),
            Format::Int4 => Some(fixed(raw).map(|raw| i32::from_be_bytes(raw).into())),
            Format::Int2 => Some(fixed(raw).map(|raw| i16::from_be_bytes(raw).into())),
            Format::Oid => Some(fixed(raw).map(|raw| u32::from_be_bytes(raw).into())),
            _ => None,
        })
    }

    fn f64(&self, at: usize) -> Result<Option<f64>> {
        self.get(at, "a floating-point number", |format, raw| match format {
            Format::Float8 => Some(fixed(raw).map(f64::from_be_bytes)),
            Format::Float4 => Some(fixed(raw).map(|raw| f32::from_be_bytes(raw).into())),
            _ => None,
        })
    }

    fn text(&self, at: usize) -> Result<Option<&str>> {
        self.get(at, "text", |format, raw| (format == Format::Text).then(|| utf8(raw)))
    }

    fn bytes(&self, at: usize) -> Result<Option<&[u8]>> {
        self.get(at, "bytes", |format, raw| (format == Format::Bytea).then_some(Ok(raw)))
    }

    fn uuid(&self, at: usize) -> Result<Option<Uuid>> {
        self.get(at, "a UUID", |format, raw| (format == Format::Uuid).then(|| fixed(raw).map(Uuid::from_bytes)))
    }

    fn ip(&self, at: usize) -> Result<Option<IpAddr>> {
        self.get(at, "an IP address", |format, raw| {
            (format == Format::Inet).then(|| {
                let address = types::ip(raw);
                address.ok_or_else(|| {
                    Error::decode("the value is a network, not the address of one host")
                        .hint("select its `host(..)`, or correct the row")
                })
            })
        })
    }

    fn date_time(&self, at: usize) -> Result<Option<DateTime<Utc>>> {
        self.get(at, "a date with a time", |format, raw| {
            (format == Format::Timestamp)
                .then(|| types::date_time(i64::from_be_bytes(fixed(raw)?)).ok_or_else(out_of_range))
        })
    }

    fn date(&self, at: usize) -> Result<Option<NaiveDate>> {
        self.get(at, "a date", |format, raw| {
            (format == Format::Date).then(|| types::date(i32::from_be_bytes(fixed(raw)?)).ok_or_else(out_of_range))
        })
    }

    fn decimal(&self, at: usize, _: Option<Digits>) -> Result<Option<Decimal>> {
        self.get(at, "a decimal", |format, raw| {
            (format == Format::Numeric).then(|| {
                types::decimal(raw)
                    .ok_or_else(|| Error::decode("the decimal is NaN, infinite, or has more digits than a `Decimal`"))
            })
        })
    }

    fn time(&self, at: usize) -> Result<Option<NaiveTime>> {
        self.get(at, "a time", |format, raw| {
            (format == Format::Time).then(|| {
                let time = types::time(i64::from_be_bytes(fixed(raw)?));
                time.ok_or_else(|| Error::decode("the time is not within the day"))
            })
        })
    }

    fn json(&self, at: usize) -> Result<Option<&str>> {
        self.get(at, "JSON", |format, raw| match (format, raw) {
            (Format::Jsonb, [JSONB_VERSION, text @ ..]) | (Format::Json, text) => Some(utf8(text)),
            (Format::Jsonb, _) => Some(Err(broken())),
            _ => None,
        })
    }
}

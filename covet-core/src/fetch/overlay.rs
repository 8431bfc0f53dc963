//! Some columns of a row from the database, the others from the row that the program has.

use crate::{
    error::Result,
    value::{Digits, OwnedRow, Row},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use std::{borrow::Cow, net::IpAddr};
use uuid::Uuid;

/// A whole row of a model, put together.
pub(crate) struct Overlay<'a> {
    /// What the database gave.
    pub new: &'a dyn Row,
    /// By column of the model: where in `new` it stands, if it does.
    pub places: &'a [Option<usize>],
    /// The row as it was.
    pub old: &'a OwnedRow,
}

impl Overlay<'_> {
    fn source(&self, at: usize) -> (&dyn Row, usize) {
        match self.places.get(at).copied().flatten() {
            Some(place) => (self.new, place),
            None => (self.old, at),
        }
    }
}

macro_rules! forward {
    ($($getter:ident: $out:ty),* $(,)?) => {$(
        fn $getter(&self, at: usize) -> Result<$out> {
            let (row, at) = self.source(at);
            row.$getter(at)
        }
    )*};
}

impl Row for Overlay<'_> {
    fn width(&self) -> usize {
        self.places.len()
    }
    fn name(&self, at: usize) -> Option<Cow<'_, str>> {
        let (row, at) = self.source(at);
        row.name(at)
    }
    fn decimal(&self, at: usize, digits: Option<Digits>) -> Result<Option<Decimal>> {
        let (row, at) = self.source(at);
        row.decimal(at, digits)
    }
    forward! {
        is_null: bool,
        bool: Option<bool>,
        i64: Option<i64>,
        u64: Option<u64>,
        f64: Option<f64>,
        text: Option<&str>,
        bytes: Option<&[u8]>,
        uuid: Option<Uuid>,
        uuid_text: Option<Uuid>,
        ip: Option<IpAddr>,
        date_time: Option<DateTime<Utc>>,
        naive_date_time: Option<NaiveDateTime>,
        date: Option<NaiveDate>,
        time: Option<NaiveTime>,
        json: Option<&str>,
    }
}

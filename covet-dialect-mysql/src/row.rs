//! Rows on their way back. Values are read by position: the driver's typed getters panic.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use covet_core::{
    error::{Error, Result},
    value::{Digits, Row},
};
use mysql_async::{Value as Got, consts::ColumnType};
use rust_decimal::Decimal;
use std::borrow::Cow;
use uuid::Uuid;

/// A row of the driver.
pub struct MySqlRow<'a>(pub &'a mysql_async::Row);

impl MySqlRow<'_> {
    // Each getter has its own, which saves a call for each value.
    #[inline]
    fn at(&self, at: usize) -> Result<Option<&Got>> {
        match self.0.as_ref(at) {
            Some(Got::NULL) => Ok(None),
            Some(value) => Ok(Some(value)),
            None => Err(Error::decode("the row has too few columns")),
        }
    }

    fn column_type(&self, at: usize) -> Option<ColumnType> {
        self.0.columns_ref().get(at).map(mysql_async::Column::column_type)
    }
}

/// A BIT, which is sent as the bytes of a number.
fn bit(bits: &[u8]) -> Option<bool> {
    let (last, before) = bits.split_last()?;
    (*last <= 1 && before.iter().all(|byte| *byte == 0)).then_some(*last == 1)
}

#[cold]
fn expected(what: &str) -> Error {
    Error::decode(format!("expected {what}"))
}

impl Row for MySqlRow<'_> {
    fn width(&self) -> usize {
        self.0.len()
    }

    fn name(&self, at: usize) -> Option<Cow<'_, str>> {
        self.0.columns_ref().get(at).map(mysql_async::Column::name_str)
    }

    fn is_null(&self, at: usize) -> Result<bool> {
        Ok(self.at(at)?.is_none())
    }

    fn bool(&self, at: usize) -> Result<Option<bool>> {
        if let (Some(Got::Bytes(bits)), Some(ColumnType::MYSQL_TYPE_BIT)) = (self.at(at)?, self.column_type(at)) {
            return bit(bits).map(Some).ok_or_else(|| expected("a boolean"));
        }
        match self.i64(at) {
            Ok(None) => Ok(None),
            Ok(Some(0)) => Ok(Some(false)),
            Ok(Some(1)) => Ok(Some(true)),
            Ok(Some(_)) | Err(_) => Err(expected("a boolean")),
        }
    }

    fn i64(&self, at: usize) -> Result<Option<i64>> {
        let Some(value) = self.at(at)? else { return Ok(None) };
        let number = match value {
            Got::Int(number) => Some(*number),
            Got::UInt(number) => i64::try_from(*number).ok(),
            // Sums of integers are decimals, which come as text.
            Got::Bytes(text) if self.column_type(at) == Some(ColumnType::MYSQL_TYPE_NEWDECIMAL) => {
                std::str::from_utf8(text).ok().and_then(|text| text.parse().ok())
            }
            Got::Bytes(_) | Got::NULL | Got::Float(_) | Got::Double(_) | Got::Date(..) | Got::Time(..) => None,
        };
        number.map(Some).ok_or_else(|| expected("an integer of at most 64 bits"))
    }

    fn u64(&self, at: usize) -> Result<Option<u64>> {
        if let Some(Got::UInt(number)) = self.at(at)? {
            return Ok(Some(*number));
        }
        let unsigned = |number| u64::try_from(number).map_err(|_| Error::decode("the number is negative"));
        self.i64(at)?.map(unsigned).transpose()
    }

    fn decimal(&self, at: usize, _: Option<Digits>) -> Result<Option<Decimal>> {
        let Some(bytes) = self.raw(at, "a decimal")? else { return Ok(None) };
        if self.column_type(at) != Some(ColumnType::MYSQL_TYPE_NEWDECIMAL) {
            return Err(expected("a decimal"));
        }
        let number = std::str::from_utf8(bytes).ok().and_then(|text| Decimal::from_str_exact(text).ok());
        number.map(Some).ok_or_else(|| Error::decode("the decimal has more digits than a `Decimal`"))
    }

    fn f64(&self, at: usize) -> Result<Option<f64>> {
        match self.at(at)? {
            None => Ok(None),
            Some(Got::Double(number)) => Ok(Some(*number)),
            Some(Got::Float(number)) => Ok(Some(f64::from(*number))),
            Some(Got::NULL | Got::Bytes(_) | Got::Int(_) | Got::UInt(_) | Got::Date(..) | Got::Time(..)) => {
                Err(expected("a floating-point number"))
            }
        }
    }

    fn text(&self, at: usize) -> Result<Option<&str>> {
        let Some(bytes) = self.raw(at, "text")? else { return Ok(None) };
        std::str::from_utf8(bytes).map(Some).map_err(|_| Error::decode("the text is not UTF-8"))
    }

    fn bytes(&self, at: usize) -> Result<Option<&[u8]>> {
        self.raw(at, "bytes")
    }

    fn uuid(&self, at: usize) -> Result<Option<Uuid>> {
        let Some(bytes) = self.raw(at, "a UUID")? else { return Ok(None) };
        Uuid::from_slice(bytes).map(Some).map_err(|_| expected("a UUID of 16 bytes"))
    }

    fn date_time(&self, at: usize) -> Result<Option<DateTime<Utc>>> {
        let Some(value) = self.at(at)? else { return Ok(None) };
        let is_date = self.column_type(at) == Some(ColumnType::MYSQL_TYPE_DATE);
        let Got::Date(year, month, day, hour, minute, second, micros) = *value else {
            return Err(expected("a date with a time"));
        };
        if is_date {
            return Err(expected("a date with a time"));
        }
        let time = day_of(year, month, day)?.and_hms_micro_opt(hour.into(), minute.into(), second.into(), micros);
        time.map(|time| Some(time.and_utc())).ok_or_else(|| expected("a time within the day"))
    }

    fn date(&self, at: usize) -> Result<Option<NaiveDate>> {
        match self.at(at)? {
            None => Ok(None),
            Some(Got::Date(year, month, day, 0, 0, 0, 0)) => day_of(*year, *month, *day).map(Some),
            Some(
                Got::Date(..)
                | Got::NULL
                | Got::Bytes(_)
                | Got::Int(_)
                | Got::UInt(_)
                | Got::Float(_)
                | Got::Double(_)
                | Got::Time(..),
            ) => Err(expected("a date")),
        }
    }
    fn time(&self, at: usize) -> Result<Option<NaiveTime>> {
        let Some(value) = self.at(at)? else { return Ok(None) };
        // The server's TIME is a duration, also a negative one or one of many days.
        let Got::Time(false, 0, hour, minute, second, micros) = *value else { return Err(expected("a time of day")) };
        let time = NaiveTime::from_hms_micro_opt(hour.into(), minute.into(), second.into(), micros);
        time.map(Some).ok_or_else(|| expected("a time of day"))
    }
}

impl MySqlRow<'_> {
    fn raw(&self, at: usize, what: &str) -> Result<Option<&[u8]>> {
        match self.at(at)? {
            None => Ok(None),
            Some(Got::Bytes(bytes)) => Ok(Some(bytes)),
            Some(
                Got::NULL | Got::Int(_) | Got::UInt(_) | Got::Float(_) | Got::Double(_) | Got::Date(..) | Got::Time(..),
            ) => Err(expected(what)),
        }
    }
}

fn day_of(year: u16, month: u8, day: u8) -> Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()).ok_or_else(|| {
        Error::decode("the date is not a day of the calendar")
            .hint("older servers stored zero dates such as 0000-00-00; replace them with NULL")
    })
}

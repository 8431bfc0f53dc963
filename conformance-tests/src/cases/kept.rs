//! Random values of every type: what comes back is what went in, or a typed error said why not.

use super::drawn::{cut, decimal, document, is_refusal, moment, settings, text, values};
use crate::models::{Colour, Email, Level, Mood, Sample, Wide};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use covet::{backend::Db, error::Result, prelude::*, value::OwnedRow};
use proptest::{collection::vec, prelude::*, sample::select};
use uuid::Uuid;

/// How many values go by `bulk_create`, and how many by `save`.
fn counts(db: &Db) -> (usize, usize) {
    match (std::env::var_os("COVET_NIGHTLY").is_some(), db.dialect().short_name()) {
        (true, _) => (10_000, 1_000),
        (false, "sqlite") => (300, 300),
        (false, _) => (100, 100),
    }
}

/// Stores random values in one column and reads them back; `$stored` says what is kept of a value.
macro_rules! kept {
    ($db:ident, $model:ident . $column:ident, $strategy:expr, $stored:expr) => {{
        let (bulk, single) = counts($db);
        let (values, stored) = (values($strategy, bulk)?, $stored);
        $model::query().delete($db).await?;
        let mut refused = 0;
        for chunk in values.chunks(100) {
            $model::query().delete($db).await?;
            let mut kept = Vec::new();
            let rows = chunk.iter().map(|value| $model::create().$column(value.clone()).build());
            match $model::bulk_create(rows).exec($db).await {
                Ok(_) => kept.extend_from_slice(chunk),
                Err(error) => {
                    assert!(is_refusal(error.kind()), "{error:?}");
                    assert_eq!($model::query().count($db).await?, 0, "half of a bulk was stored");
                    for value in chunk {
                        match $model::bulk_create([$model::create().$column(value.clone()).build()]).exec($db).await {
                            Ok(_) => kept.push(value.clone()),
                            Err(error) => assert!(is_refusal(error.kind()), "{value:?}: {error:?}"),
                        }
                    }
                }
            }
            refused += chunk.len() - kept.len();
            let rows = $model::query().order_by($model::id.asc()).all($db).await?;
            assert_eq!(rows.len(), kept.len());
            for (row, value) in rows.iter().zip(&kept) {
                assert_eq!(row.$column, Some(stored(value.clone())), "{value:?}, by bulk_create");
            }
        }
        // A strategy of values that are refused would prove nothing.
        assert!(refused * 2 < values.len(), "{refused} of {} values were refused", values.len());
        let tx = $db.begin().await?;
        for value in values.iter().take(single) {
            let saved = match $model::create().$column(value.clone()).save(&tx).await {
                Ok(saved) => saved,
                Err(error) => {
                    assert!(is_refusal(error.kind()), "{value:?}: {error:?}");
                    continue;
                }
            };
            let expected = Some(stored(value.clone()));
            assert_eq!(saved.$column, expected, "{value:?}, by save");
            let copy = $model::decode(&OwnedRow(saved.values()), 0)?;
            assert_eq!(copy.$column, expected, "{value:?}, as the value of its row");
            let itself = $model::find(&saved).filter($model::$column.eq(value.clone()));
            let found = itself.all(&tx).await?;
            assert_eq!(found.len(), 1, "{value:?} is not itself");
            assert_eq!(found[0].$column, expected, "{value:?}, by save");
        }
        tx.rollback().await?;
        Ok(())
    }};
    ($db:ident, $model:ident . $column:ident, $strategy:expr) => {
        kept!($db, $model.$column, $strategy, |value| value)
    };
}

/// Booleans.
pub async fn bool_comes_back(db: &Db) -> Result<()> {
    kept!(db, Sample.flag, any::<bool>())
}

/// `i16`.
pub async fn i16_comes_back(db: &Db) -> Result<()> {
    kept!(db, Sample.small, any::<i16>())
}

/// `i32`.
pub async fn i32_comes_back(db: &Db) -> Result<()> {
    kept!(db, Sample.medium, any::<i32>())
}

/// `i64`.
pub async fn i64_comes_back(db: &Db) -> Result<()> {
    kept!(db, Sample.big, any::<i64>())
}

/// `u8`.
pub async fn u8_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.tiny, any::<u8>())
}

/// `u16`.
pub async fn u16_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.small, any::<u16>())
}

/// `u32`.
pub async fn u32_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.medium, any::<u32>())
}

/// `u64`; a quarter of the values is beyond `i64::MAX`.
pub async fn u64_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.big, prop_oneof![any::<u64>(), 0..u64::MAX / 2])
}

/// `f32`, to the last bit.
pub async fn f32_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.float, any::<f32>())
}

/// `f64`, to the last bit.
pub async fn f64_comes_back(db: &Db) -> Result<()> {
    kept!(db, Sample.float, any::<f64>())
}

/// Text of any characters.
pub async fn text_comes_back(db: &Db) -> Result<()> {
    kept!(db, Sample.text, text())
}

/// Bytes.
pub async fn bytes_come_back(db: &Db) -> Result<()> {
    kept!(db, Sample.bytes, vec(any::<u8>(), 0..64))
}

/// UUIDs.
pub async fn uuid_comes_back(db: &Db) -> Result<()> {
    kept!(db, Sample.uuid, any::<u128>().prop_map(Uuid::from_u128))
}

/// UUIDs as text.
pub async fn text_uuid_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.code, any::<u128>().prop_map(Uuid::from_u128))
}

/// IP addresses.
pub async fn address_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.address, any::<std::net::IpAddr>())
}

/// Instants, without their nanoseconds.
pub async fn date_time_comes_back(db: &Db) -> Result<()> {
    kept!(db, Sample.at, moment().prop_map(|time| time.and_utc()), cut::<DateTime<Utc>>)
}

/// Local date-times, without their nanoseconds.
pub async fn local_date_time_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.local, moment(), cut::<NaiveDateTime>)
}

/// Dates.
pub async fn date_comes_back(db: &Db) -> Result<()> {
    kept!(db, Sample.day, moment().prop_map(|time: NaiveDateTime| -> NaiveDate { time.date() }))
}

/// Times of day, without their nanoseconds.
pub async fn time_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.time, moment().prop_map(|time| time.time()), cut::<NaiveTime>)
}

/// Durations.
pub async fn duration_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.span, any::<i64>().prop_map(TimeDelta::microseconds))
}

/// Decimals of 10 digits.
pub async fn decimal_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.price, decimal(10, 2))
}

/// Decimals of 28 digits.
pub async fn long_decimal_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.long, decimal(28, 10))
}

/// Decimals of 28 digits behind the point.
pub async fn fraction_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.fraction, decimal(28, 28))
}

/// JSON documents.
pub async fn document_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.document, document())
}

/// Rust types as JSON documents.
pub async fn typed_document_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.settings, settings())
}

/// Newtypes.
pub async fn newtype_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.email, text().prop_map(Email))
}

/// Enums as text.
pub async fn text_enum_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.mood, select(vec![Mood::Glad, Mood::VerySad, Mood::Other]))
}

/// Enums as integers.
pub async fn integer_enum_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.level, select(vec![Level::Low, Level::Middle, Level::High]))
}

/// Enums as a type of the database's own.
pub async fn native_enum_comes_back(db: &Db) -> Result<()> {
    kept!(db, Wide.colour, select(vec![Colour::Red, Colour::NavyBlue, Colour::Quoted]))
}

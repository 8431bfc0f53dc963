//! Random values of every type: what comes back is what went in, or a typed error said why not.

use super::property::draw;
use crate::models::{Colour, Email, Level, Mood, Sample, Settings, Wide};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    value::{Json, OwnedRow},
};
use proptest::{
    collection::{btree_map, vec},
    option::of,
    prelude::*,
    sample::select,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rust_decimal::Decimal;
use serde_json::Value as Document;
use uuid::Uuid;

/// How many values go by `bulk_create`, and how many by `save`.
fn counts(db: &Db) -> (usize, usize) {
    match (std::env::var_os("COVET_NIGHTLY").is_some(), db.dialect().short_name()) {
        (true, _) => (10_000, 1_000),
        (false, "sqlite") => (300, 300),
        (false, _) => (100, 100),
    }
}

fn values<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, count: usize) -> Result<Vec<T>> {
    // A fixed seed: a failure is the same on every machine.
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    draw(strategy, count, &mut TestRunner::new_with_rng(Config::default(), rng))
}

fn is_refusal(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Encode | ErrorKind::Unsupported)
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

fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..20).prop_map(String::from_iter)
}

/// Microseconds of the years 1 to 9999, with nanoseconds.
fn moment() -> impl Strategy<Value = NaiveDateTime> {
    let moment =
        |micros, nanos| DateTime::from_timestamp_micros(micros).unwrap().naive_utc() + TimeDelta::nanoseconds(nanos);
    (-62_135_596_800_000_000..253_402_300_799_000_000_i64, 0..1_000_i64)
        .prop_map(move |(micros, nanos)| moment(micros, nanos))
}

fn cut<T: Timelike>(time: T) -> T {
    let nanos = time.nanosecond();
    time.with_nanosecond(nanos - nanos % 1_000).unwrap()
}

/// Decimals for a column, some of them with a digit too many.
fn decimal(precision: u32, scale: u32) -> impl Strategy<Value = Decimal> {
    let digits = (0..=precision).prop_flat_map(|digits| {
        let limit = 10_i128.pow(digits);
        -limit..=limit
    });
    (digits, 0..=(scale + 1).min(28)).prop_map(move |(mantissa, behind)| {
        let mantissa = mantissa / 10_i128.pow(scale.saturating_sub(behind));
        Decimal::from_i128_with_scale(mantissa, behind)
    })
}

fn document() -> impl Strategy<Value = Document> {
    let leaf = prop_oneof![
        Just(Document::Null),
        any::<bool>().prop_map(Document::from),
        any::<i64>().prop_map(Document::from),
        any::<u64>().prop_map(Document::from),
        any::<f64>().prop_map(Document::from),
        text().prop_map(Document::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Document::from),
            btree_map(text(), inner, 0..6).prop_map(|map| Document::Object(map.into_iter().collect())),
        ]
    })
}

fn settings() -> impl Strategy<Value = Json<Settings>> {
    (text(), vec(any::<u64>(), 0..4), of(any::<f64>()))
        .prop_map(|(name, sizes, ratio)| Json(Settings { name, sizes, ratio }))
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

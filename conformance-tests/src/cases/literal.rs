//! Random values of every type as literals: the defaults of a table with a hundred columns, stored by a row that
//! gives none of them, are what they were, or a typed error said why not.

use super::drawn::{cut, decimal, document, is_refusal, moment, settings, text, values};
use crate::models::{Colour, Email, Level, Mood, Sample, Wide, batch};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use covet::{
    backend::{Db, Executor, Outcome, Work},
    error::Result,
    prelude::*,
    render::{Prepared, ansi},
    schema::{ColumnDef, DbDefault, TableDef},
    value::{DecimalRow, Kind, Row, RowSink, SqlType, UuidTextRow, Value, Values},
};
use proptest::{collection::vec, prelude::*, sample::select};
use std::{any::Any, fmt::Debug, sync::Arc};
use uuid::Uuid;

const TABLE: &str = "literals";
const COLUMNS: usize = 100;

fn count() -> usize {
    if std::env::var_os("COVET_NIGHTLY").is_some() { 10_000 } else { 1_000 }
}

/// A table whose columns are like one of a model, but for the defaults. A program has few of them, so nothing gives
/// them back.
fn table_like(column: &ColumnDef, defaults: Vec<Value>) -> &'static TableDef {
    let column = |(at, value): (usize, Value)| ColumnDef {
        name: format!("c{at}").leak(),
        db_default: Some(DbDefault::Value(Box::leak(Box::new(move || value.clone())))),
        ..*column
    };
    let columns = defaults.into_iter().enumerate().map(column).collect::<Vec<_>>().leak();
    Box::leak(Box::new(TableDef { name: TABLE, columns, ..TableDef::BARE }))
}

/// Makes the table with these defaults, and one row that gives none.
async fn store_defaults(db: &Db, column: &ColumnDef, defaults: Vec<Value>) -> Result<()> {
    let table = table_like(column, defaults);
    db.drop_tables([table]).await?;
    db.create_tables([table]).await?;
    batch(db, &format!("INSERT INTO {TABLE}{}", db.dialect().default_values())).await
}

/// Reads every column of a row as one type.
struct Cells<T> {
    kind: Kind,
    values: Vec<T>,
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most rows need no help")]
fn decode<T: SqlType>(row: &dyn Row, at: usize, kind: Kind) -> Result<T> {
    match kind {
        Kind::Decimal(Some(digits)) => T::decode(&DecimalRow::new(row, digits), at),
        Kind::UuidText => T::decode(&UuidTextRow(row), at),
        _ => T::decode(row, at),
    }
}

impl<T: SqlType> RowSink for Cells<T> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        for at in 0..row.width() {
            self.values.push(decode(row, at, self.kind)?);
        }
        Ok(())
    }
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

async fn read_all<T: SqlType>(db: &Db, kind: Kind) -> Result<Vec<T>> {
    let all = Prepared::plain(format!("SELECT * FROM {TABLE}"), true, false);
    let sink = Box::new(Cells::<T> { kind, values: Vec::new() });
    let Outcome::Rows(sink) = db.run(Work::Query(Arc::new(all), Values::new(), sink)).await? else {
        panic!("no rows");
    };
    Ok(sink.into_any().downcast::<Cells<T>>().unwrap().values)
}

async fn are_their_defaults<T>(db: &Db, column: &'static ColumnDef, drawn: Vec<T>, stored: fn(T) -> T) -> Result<()>
where
    T: SqlType + Clone + PartialEq + Debug,
{
    let (mut kept, mut refused) = (Vec::with_capacity(drawn.len()), Vec::new());
    for value in drawn {
        match ansi::literal_of(db.dialect(), column.kind, value.to_value()) {
            Ok(_) => kept.push(value),
            Err(error) => {
                assert!(is_refusal(error.kind()), "{value:?}: {error:?}");
                refused.push(value);
            }
        }
    }
    // A strategy of values that are refused would prove nothing.
    assert!(refused.len() < kept.len(), "{} values were refused, {} were not", refused.len(), kept.len());
    for value in refused.into_iter().take(1) {
        let error = store_defaults(db, column, vec![value.to_value()]).await.unwrap_err();
        assert!(is_refusal(error.kind()), "{value:?}: {error:?}");
        assert_eq!(error.column(), Some("literals.c0"), "{value:?}: {error:?}");
    }
    for chunk in kept.chunks(COLUMNS) {
        store_defaults(db, column, chunk.iter().map(T::to_value).collect()).await?;
        let found: Vec<T> = read_all(db, column.kind).await?;
        assert_eq!(found.len(), chunk.len());
        for (found, value) in found.into_iter().zip(chunk) {
            assert_eq!(found, stored(value.clone()), "{value:?}");
        }
    }
    db.drop_tables([table_like(column, Vec::new())]).await
}

/// Draws values for a column like that of a model; `$stored` says what is kept of a value.
macro_rules! literal {
    ($db:ident, $model:ident . $column:ident, $strategy:expr, $stored:expr) => {{
        let column = $model::schema().columns.iter().find(|column| column.name == $model::$column.name());
        are_their_defaults($db, column.unwrap(), values($strategy, count())?, $stored).await
    }};
    ($db:ident, $model:ident . $column:ident, $strategy:expr) => {
        literal!($db, $model.$column, $strategy, |value| value)
    };
}

/// Booleans.
pub async fn bool_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Sample.flag, any::<bool>())
}

/// `i16`.
pub async fn i16_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Sample.small, any::<i16>())
}

/// `i32`.
pub async fn i32_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Sample.medium, any::<i32>())
}

/// `i64`.
pub async fn i64_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Sample.big, any::<i64>())
}

/// `u8`.
pub async fn u8_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.tiny, any::<u8>())
}

/// `u16`.
pub async fn u16_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.small, any::<u16>())
}

/// `u32`.
pub async fn u32_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.medium, any::<u32>())
}

/// `u64`; a quarter of the values is beyond `i64::MAX`.
pub async fn u64_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.big, prop_oneof![any::<u64>(), 0..u64::MAX / 2])
}

/// `f32`, to the last bit.
pub async fn f32_is_its_default(db: &Db) -> Result<()> {
    literal!(
        db,
        Wide.float,
        prop_oneof![9 => any::<f32>(), 1 => select(vec![f32::INFINITY, f32::MIN, -0.0, f32::from_bits(1)])]
    )
}

/// `f64`, to the last bit.
pub async fn f64_is_its_default(db: &Db) -> Result<()> {
    literal!(
        db,
        Sample.float,
        prop_oneof![9 => any::<f64>(), 1 => select(vec![f64::INFINITY, f64::MIN, -0.0, f64::from_bits(1)])]
    )
}

/// Text of any characters.
pub async fn text_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Sample.text, text())
}

/// Bytes.
pub async fn bytes_are_their_default(db: &Db) -> Result<()> {
    literal!(db, Sample.bytes, vec(any::<u8>(), 0..64))
}

/// UUIDs.
pub async fn uuid_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Sample.uuid, any::<u128>().prop_map(Uuid::from_u128))
}

/// UUIDs as text.
pub async fn text_uuid_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.code, any::<u128>().prop_map(Uuid::from_u128))
}

/// IP addresses.
pub async fn address_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.address, any::<std::net::IpAddr>())
}

/// Instants, without their nanoseconds.
pub async fn date_time_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Sample.at, moment().prop_map(|time| time.and_utc()), cut::<DateTime<Utc>>)
}

/// Local date-times, without their nanoseconds.
pub async fn local_date_time_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.local, moment(), cut::<NaiveDateTime>)
}

/// Dates.
pub async fn date_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Sample.day, moment().prop_map(|time: NaiveDateTime| -> NaiveDate { time.date() }))
}

/// Times of day, without their nanoseconds.
pub async fn time_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.time, moment().prop_map(|time| time.time()), cut::<NaiveTime>)
}

/// Durations.
pub async fn duration_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.span, any::<i64>().prop_map(TimeDelta::microseconds))
}

/// Decimals of 10 digits.
pub async fn decimal_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.price, decimal(10, 2))
}

/// Decimals of 28 digits.
pub async fn long_decimal_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.long, decimal(28, 10))
}

/// Decimals of 28 digits behind the point.
pub async fn fraction_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.fraction, decimal(28, 28))
}

/// JSON documents.
pub async fn document_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.document, document())
}

/// Rust types as JSON documents.
pub async fn typed_document_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.settings, settings())
}

/// Newtypes.
pub async fn newtype_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.email, text().prop_map(Email))
}

/// Enums as text.
pub async fn text_enum_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.mood, select(vec![Mood::Glad, Mood::VerySad, Mood::Other]))
}

/// Enums as integers.
pub async fn integer_enum_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.level, select(vec![Level::Low, Level::Middle, Level::High]))
}

/// Enums as a type of the database's own.
pub async fn native_enum_is_its_default(db: &Db) -> Result<()> {
    literal!(db, Wide.colour, select(vec![Colour::Red, Colour::NavyBlue, Colour::Quoted]))
}

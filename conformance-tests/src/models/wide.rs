//! The column types beyond the basic ones.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use covet::{backend::Work, error::Result, prelude::*, value::Json};
use covet_macros::{DbEnum, Model, SqlType};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use uuid::Uuid;

/// All nullable, so that a case sets only what it is about.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "wide")]
pub struct Wide {
    pub id: i64,
    #[covet(default, max_length = 50)]
    pub label: String,
    pub tiny: Option<u8>,
    pub small: Option<u16>,
    pub medium: Option<u32>,
    pub big: Option<u64>,
    pub float: Option<f32>,
    #[covet(decimal(10, 2))]
    pub price: Option<Decimal>,
    #[covet(decimal(10, 2))]
    pub cost: Option<Decimal>,
    #[covet(decimal(18, 0))]
    pub whole: Option<Decimal>,
    #[covet(decimal(28, 10))]
    pub long: Option<Decimal>,
    #[covet(decimal(28, 28))]
    pub fraction: Option<Decimal>,
    pub document: Option<serde_json::Value>,
    pub settings: Option<Json<Settings>>,
    pub local: Option<NaiveDateTime>,
    pub time: Option<NaiveTime>,
    pub span: Option<TimeDelta>,
    #[covet(blank)]
    pub email: Option<Email>,
    pub mood: Option<Mood>,
    pub level: Option<Level>,
    pub colour: Option<Colour>,
    #[covet(uuid = "text")]
    pub code: Option<Uuid>,
    pub address: Option<IpAddr>,
}

#[derive(SqlType, Clone, Debug, PartialEq)]
pub struct Email(pub String);

#[derive(DbEnum, Clone, Copy, Debug, PartialEq)]
pub enum Mood {
    Glad,
    VerySad,
    #[covet(value = "so so 'x'")]
    Other,
}

#[derive(DbEnum, Clone, Copy, Debug, PartialEq)]
#[covet(repr = i16)]
pub enum Level {
    Low = -5,
    Middle,
    High = 100,
}

#[derive(DbEnum, Clone, Copy, Debug, PartialEq)]
#[covet(native)]
pub enum Colour {
    Red,
    NavyBlue,
    #[covet(value = "it's \\ a \"colour\"")]
    Quoted,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Settings {
    pub name: String,
    pub sizes: Vec<u64>,
    pub ratio: Option<f64>,
}

/// The labels of the rows that meet a condition, in their order, with one space between them.
pub async fn wide_where(db: &dyn Executor, condition: impl covet::column::Condition<Wide>) -> Result<String> {
    let rows = Wide::filter(condition).order_by(Wide::label.asc()).all(db).await?;
    Ok(rows.iter().map(|row| row.label.as_str()).collect::<Vec<_>>().join(" "))
}

/// Runs SQL text as it stands.
pub async fn batch(db: &dyn Executor, sql: &str) -> Result<()> {
    db.run(Work::Batch(sql.to_owned().into())).await.map(drop)
}

/// Makes a table `raw` with one nullable column `value` of a type of the database's own, and stores
/// literals in it, so that a model can find there what covet would not write.
pub async fn raw(db: &dyn Executor, column_type: &str, literals: &[&str]) -> Result<()> {
    batch(db, "DROP TABLE IF EXISTS raw").await?;
    batch(db, &format!("CREATE TABLE raw (id INTEGER PRIMARY KEY, value {column_type})")).await?;
    for (at, literal) in literals.iter().enumerate() {
        batch(db, &format!("INSERT INTO raw (id, value) VALUES ({at}, {literal})")).await?;
    }
    Ok(())
}

/// A model over the table `raw`, whose field is of the type given; every row must be a typed error that names
/// the column.
macro_rules! wrong {
    ($db:ident, $(#[$attribute:meta])* $ty:ty, $column_type:expr, $literals:expr) => {{
        #[derive(covet_macros::Model, Debug)]
        #[covet(table = "raw")]
        struct Raw {
            id: i32,
            $(#[$attribute])*
            value: Option<$ty>,
        }
        let literals: &[&str] = &$literals;
        $crate::models::raw($db, $column_type, literals).await?;
        for (at, literal) in literals.iter().enumerate() {
            let row = Raw::find(i32::try_from(at).unwrap()).get($db).await;
            let error = row.map(|row| panic!("{literal} was read as {:?} in row {}", row.value, row.id)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{literal}: {error}");
            assert_eq!(error.column(), Some("raw.value"), "{literal}: {error}");
        }
        $crate::models::batch($db, "DROP TABLE raw").await?;
    }};
}
pub(crate) use wrong;

/// Stores each value, by `save`, `bulk_create` and `update`, reads it back and finds it by itself.
macro_rules! round_trips {
    ($db:ident, $column:ident, $values:expr) => {{
        for value in $values {
            let saved = Wide::create().$column(value.clone()).save($db).await?;
            assert_eq!(saved.$column, Some(value.clone()));
            assert_eq!(Wide::find(&saved).get($db).await?, saved);
            let itself = Wide::find(&saved).filter(Wide::$column.eq(value.clone()));
            assert_eq!(itself.clone().count($db).await?, 1, "{value:?} is not itself");
            let many = vec![value.clone(); 2_000];
            assert_eq!(itself.clone().filter(Wide::$column.in_([value.clone()])).count($db).await?, 1, "{value:?}");
            assert_eq!(itself.filter(Wide::$column.in_(many)).count($db).await?, 1, "{value:?} in a long list");
            let other = Wide::create().label("other").build();
            let bulk = Wide::create().label("bulk").$column(value.clone()).build();
            Wide::bulk_create([bulk.clone(), bulk]).exec($db).await?;
            Wide::bulk_create([other]).exec($db).await?;
            let rows = Wide::filter(Wide::label.eq("bulk")).all($db).await?;
            assert_eq!(
                (rows.len(), &rows[0].$column, &rows[1].$column),
                (2, &Some(value.clone()), &Some(value.clone()))
            );
            let other = Wide::filter(Wide::label.eq("other"));
            assert_eq!(other.clone().get($db).await?.$column, None);
            other.clone().update(Wide::$column.set(value.clone())).exec($db).await?;
            assert_eq!(other.get($db).await?.$column, Some(value));
            Wide::query().delete($db).await?;
        }
        Ok(())
    }};
}
pub(crate) use round_trips;

/// Stores values that are given in their order and compares with each of them; NULL matches nothing and
/// comes first.
macro_rules! ordered {
    ($db:ident, $column:ident, $values:expr) => {{
        let values: Vec<_> = Vec::from_iter($values);
        Wide::create().label("null").save($db).await?;
        for (at, value) in values.iter().enumerate().rev() {
            Wide::create().label(format!("{at:02}")).$column(value.clone()).save($db).await?;
        }
        let labels = |range: std::ops::Range<usize>| range.map(|at| format!("{at:02}")).collect::<Vec<_>>().join(" ");
        let (count, last) = (values.len(), values[values.len() - 1].clone());
        for (at, value) in values.iter().enumerate() {
            let column = Wide::$column;
            assert_eq!(wide_where($db, column.eq(value.clone())).await?, labels(at..at + 1), "= {value:?}");
            assert_eq!(wide_where($db, column.lt(value.clone())).await?, labels(0..at), "< {value:?}");
            assert_eq!(wide_where($db, column.lte(value.clone())).await?, labels(0..at + 1), "<= {value:?}");
            assert_eq!(wide_where($db, column.gt(value.clone())).await?, labels(at + 1..count), "> {value:?}");
            assert_eq!(wide_where($db, column.gte(value.clone())).await?, labels(at..count), ">= {value:?}");
            let between = column.between(value.clone(), last.clone());
            assert_eq!(wide_where($db, between).await?, labels(at..count), "between {value:?} and the last");
            let others = !column.ne(value.clone());
            assert_eq!(wide_where($db, others & column.is_not_null()).await?, labels(at..at + 1), "not <> {value:?}");
        }
        assert_eq!(wide_where($db, Wide::$column.in_(values.clone())).await?, labels(0..count));
        let long = values.iter().cycle().take(2_000).cloned();
        assert_eq!(wide_where($db, Wide::$column.in_(long)).await?, labels(0..count), "a long list");
        let order = |rows: Vec<Wide>| rows.into_iter().map(|row| row.label).collect::<Vec<_>>().join(" ");
        let rows = Wide::query().order_by(Wide::$column.asc()).all($db).await?;
        assert_eq!(order(rows), format!("null {}", labels(0..count)));
        let first = Wide::query().order_by(Wide::$column.desc()).first($db).await?;
        assert_eq!(first.map(|row| row.label), Some(labels(count - 1..count)));
        Wide::query().delete($db).await?;
    }};
}
pub(crate) use ordered;

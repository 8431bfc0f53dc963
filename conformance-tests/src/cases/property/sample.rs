//! The model of the random filters: two columns of every type, of which the second may be NULL.

use crate::models::{Colour, Email, Level, Mood, Settings};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use covet::{prelude::*, value::Json};
use covet_macros::{Model, SqlType};
use jiff::civil;
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(SqlType, Clone, Debug, PartialEq)]
pub struct Count(pub u16);

#[derive(SqlType, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[covet(key)]
pub struct Badge(pub i64);

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "property_samples")]
pub struct Sample {
    pub id: i64,
    pub a: i32,
    pub b: Option<i32>,
    #[covet(blank)]
    pub text: String,
    #[covet(blank)]
    pub text_or: Option<String>,
    pub parent: Option<ForeignKey<Sample>>,
    pub flag: bool,
    pub flag_or: Option<bool>,
    pub tiny: u8,
    pub tiny_or: Option<u8>,
    pub unsigned16: u16,
    pub unsigned16_or: Option<u16>,
    pub unsigned32: u32,
    pub unsigned32_or: Option<u32>,
    pub unsigned64: u64,
    pub unsigned64_or: Option<u64>,
    pub small: i16,
    pub small_or: Option<i16>,
    pub medium: i32,
    pub medium_or: Option<i32>,
    pub big: i64,
    pub big_or: Option<i64>,
    pub single: f32,
    pub single_or: Option<f32>,
    pub double: f64,
    pub double_or: Option<f64>,
    #[covet(decimal(10, 2))]
    pub price: Decimal,
    #[covet(decimal(10, 2))]
    pub price_or: Option<Decimal>,
    #[covet(blank)]
    pub words: String,
    #[covet(blank)]
    pub words_or: Option<String>,
    pub bytes: Vec<u8>,
    pub bytes_or: Option<Vec<u8>>,
    pub uuid: Uuid,
    pub uuid_or: Option<Uuid>,
    pub at: DateTime<Utc>,
    pub at_or: Option<DateTime<Utc>>,
    pub local: NaiveDateTime,
    pub local_or: Option<NaiveDateTime>,
    pub day: NaiveDate,
    pub day_or: Option<NaiveDate>,
    pub time: NaiveTime,
    pub time_or: Option<NaiveTime>,
    pub span: TimeDelta,
    pub span_or: Option<TimeDelta>,
    pub document: serde_json::Value,
    pub document_or: Option<serde_json::Value>,
    pub settings: Json<Settings>,
    pub settings_or: Option<Json<Settings>>,
    pub mood: Mood,
    pub mood_or: Option<Mood>,
    pub level: Level,
    pub level_or: Option<Level>,
    pub colour: Colour,
    pub colour_or: Option<Colour>,
    #[covet(blank)]
    pub email: Email,
    #[covet(blank)]
    pub email_or: Option<Email>,
    pub count: Count,
    pub count_or: Option<Count>,
    pub badge: Badge,
    pub badge_or: Option<Badge>,
    pub time_at: time::OffsetDateTime,
    pub time_at_or: Option<time::OffsetDateTime>,
    pub time_local: time::PrimitiveDateTime,
    pub time_local_or: Option<time::PrimitiveDateTime>,
    pub time_day: time::Date,
    pub time_day_or: Option<time::Date>,
    pub time_time: time::Time,
    pub time_time_or: Option<time::Time>,
    pub time_span: time::Duration,
    pub time_span_or: Option<time::Duration>,
    pub jiff_at: jiff::Timestamp,
    pub jiff_at_or: Option<jiff::Timestamp>,
    pub jiff_local: civil::DateTime,
    pub jiff_local_or: Option<civil::DateTime>,
    pub jiff_day: civil::Date,
    pub jiff_day_or: Option<civil::Date>,
    pub jiff_time: civil::Time,
    pub jiff_time_or: Option<civil::Time>,
    pub jiff_span: jiff::SignedDuration,
    pub jiff_span_or: Option<jiff::SignedDuration>,
}

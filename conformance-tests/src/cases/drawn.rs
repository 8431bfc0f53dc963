//! Random values of every type, for the properties that ask whether they come back.

use super::property::draw;
use crate::models::Settings;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Timelike};
use covet::{
    error::{ErrorKind, Result},
    value::Json,
};
use proptest::{
    collection::{btree_map, vec},
    option::of,
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rust_decimal::Decimal;
use serde_json::Value as Document;

/// Draws values.
pub fn values<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, count: usize) -> Result<Vec<T>> {
    // A fixed seed: a failure is the same on every machine.
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    draw(strategy, count, &mut TestRunner::new_with_rng(Config::default(), rng))
}

/// Whether a value was refused before it was sent.
pub fn is_refusal(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Encode | ErrorKind::Unsupported)
}

/// Text of any characters.
pub fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..20).prop_map(String::from_iter)
}

/// Microseconds of the years 1 to 9999, with nanoseconds.
pub fn moment() -> impl Strategy<Value = NaiveDateTime> {
    let moment =
        |micros, nanos| DateTime::from_timestamp_micros(micros).unwrap().naive_utc() + TimeDelta::nanoseconds(nanos);
    (-62_135_596_800_000_000..253_402_300_799_000_000_i64, 0..1_000_i64)
        .prop_map(move |(micros, nanos)| moment(micros, nanos))
}

/// What is kept of a time.
pub fn cut<T: Timelike>(time: T) -> T {
    let nanos = time.nanosecond();
    time.with_nanosecond(nanos - nanos % 1_000).unwrap()
}

/// Decimals for a column, some of them with a digit too many.
pub fn decimal(precision: u32, scale: u32) -> impl Strategy<Value = Decimal> {
    let digits = (0..=precision).prop_flat_map(|digits| {
        let limit = 10_i128.pow(digits);
        -limit..=limit
    });
    (digits, 0..=(scale + 1).min(28)).prop_map(move |(mantissa, behind)| {
        let mantissa = mantissa / 10_i128.pow(scale.saturating_sub(behind));
        Decimal::from_i128_with_scale(mantissa, behind)
    })
}

/// JSON of any shape.
pub fn document() -> impl Strategy<Value = Document> {
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

/// A Rust type that is stored as JSON.
pub fn settings() -> impl Strategy<Value = Json<Settings>> {
    (text(), vec(any::<u64>(), 0..4), of(any::<f64>()))
        .prop_map(|(name, sizes, ratio)| Json(Settings { name, sizes, ratio }))
}

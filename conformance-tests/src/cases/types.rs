//! What goes into a column comes out of it.

use crate::models::*;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use uuid::Uuid;

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Stores each value, by `save` and by `update`, reads it back and finds it by itself.
macro_rules! round_trips {
    ($db:ident, $column:ident, $values:expr) => {{
        for value in $values {
            let saved = Sample::create().$column(value.clone()).save($db).await?;
            assert_eq!(saved.$column, Some(value.clone()));
            assert_eq!(Sample::find(&saved).get($db).await?, saved);
            let itself = Sample::find(&saved).filter(Sample::$column.eq(value.clone()));
            assert_eq!(itself.clone().count($db).await?, 1, "{value:?} is not itself");
            assert_eq!(itself.filter(Sample::$column.in_([value.clone()])).count($db).await?, 1, "{value:?} in a list");
            let other = Sample::create().save($db).await?;
            assert_eq!(Sample::find(&other).get($db).await?.$column, None);
            Sample::find(&other).update(Sample::$column.set(value.clone())).exec($db).await?;
            assert_eq!(Sample::find(&other).get($db).await?.$column, Some(value));
        }
        Ok(())
    }};
}

/// `bool` comes back as it went.
pub async fn bool_is_kept(db: &Db) -> Result<()> {
    round_trips!(db, flag, [false, true])
}

/// `i16` comes back as it went, at its borders too.
pub async fn i16_is_kept(db: &Db) -> Result<()> {
    round_trips!(db, small, [i16::MIN, i16::MIN + 1, -1, 0, 1, i16::MAX])
}

/// `i32` comes back as it went, at its borders too.
pub async fn i32_is_kept(db: &Db) -> Result<()> {
    round_trips!(db, medium, [i32::MIN, i32::MIN + 1, -1, 0, 1, i32::MAX])
}

/// `i64` comes back as it went, at its borders and where `f64` is not exact.
pub async fn i64_is_kept(db: &Db) -> Result<()> {
    round_trips!(db, big, [i64::MIN, i64::MIN + 1, -1, 0, 1, (1 << 53) + 1, i64::MAX - 1, i64::MAX])
}

/// `f64` comes back to the last bit.
pub async fn f64_is_kept(db: &Db) -> Result<()> {
    let values = [0.0, 0.1, -0.3, 1.0 / 3.0, 1e300, -1e-300, 1e16, 123_456_789.123_456_79, f64::EPSILON];
    round_trips!(db, float, values)
}

/// `f64` comes back at its borders.
pub async fn extreme_f64_is_kept(db: &Db) -> Result<()> {
    round_trips!(db, float, [f64::MIN, f64::MAX, f64::MIN_POSITIVE, -f64::MIN_POSITIVE, 1.797_693_134_862_315e308])
}

/// The smallest `f64`, below the normal ones, is kept.
pub async fn subnormal_f64_is_kept(db: &Db) -> Result<()> {
    round_trips!(db, float, [f64::from_bits(1), f64::from_bits(0x000f_ffff_ffff_ffff)])
}

/// Negative zero equals zero after it was stored.
pub async fn negative_zero_is_zero(db: &Db) -> Result<()> {
    round_trips!(db, float, [-0.0, 0.0])
}

/// Infinity is kept, and is greater than every number.
pub async fn infinity_is_kept(db: &Db) -> Result<()> {
    let row = Sample::create().label("inf").float(f64::INFINITY).save(db).await?;
    assert_eq!(Sample::find(&row).get(db).await?.float, Some(f64::INFINITY));
    Sample::create().label("neg").float(f64::NEG_INFINITY).save(db).await?;
    Sample::create().label("max").float(f64::MAX).save(db).await?;
    assert_eq!(samples_where(db, Sample::float.gt(f64::MAX)).await?, "inf");
    assert_eq!(samples_where(db, Sample::float.eq(f64::NEG_INFINITY)).await?, "neg");
    let ordered = Sample::query().order_by(Sample::float.asc()).all(db).await?;
    assert_eq!(labels(&ordered), ["neg", "max", "inf"]);
    Ok(())
}

/// NaN is kept.
pub async fn nan_is_kept(db: &Db) -> Result<()> {
    let row = Sample::create().float(f64::NAN).save(db).await?;
    assert!(Sample::find(&row).get(db).await?.float.is_some_and(f64::is_nan));
    Ok(())
}

/// Text comes back character by character.
pub async fn text_is_kept(db: &Db) -> Result<()> {
    let texts = ["", " ", "a ", "'", "\"", "''", "\\", "\\n", "\n", "\r\n", "\t", "\u{1}", "\u{7f}", "\u{80}"];
    let more = ["é", "e\u{301}", "日本語", "😀", "👩‍🚀", "\u{feff}x", "\u{fffd}", "\u{10ffff}", "%_!", "null", "0", "{}"];
    round_trips!(db, text, texts.into_iter().chain(more).map(str::to_owned))
}

/// Bytes come back one by one: none, NUL, all 256, many.
pub async fn bytes_are_kept(db: &Db) -> Result<()> {
    let all: Vec<u8> = (0..=255).collect();
    let values = [vec![], vec![0], vec![0, 0, 0], vec![255], b"\\x00'".to_vec(), b"text".to_vec(), all.clone()];
    round_trips!(db, bytes, values.into_iter().chain([all.repeat(1_000)]))
}

/// UUIDs come back bit by bit.
pub async fn uuid_is_kept(db: &Db) -> Result<()> {
    let mixed = Uuid::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff);
    round_trips!(db, uuid, [Uuid::nil(), Uuid::max(), mixed, Uuid::from_u128(0x20 << 120), Uuid::new_v4()])
}

/// Date-times come back to the microsecond, from year 1 to year 9999.
pub async fn date_time_is_kept(db: &Db) -> Result<()> {
    let values = [
        "0001-01-01T00:00:00Z",
        "1582-10-10T12:00:00Z",
        "1969-12-31T23:59:59.999999Z",
        "1970-01-01T00:00:00Z",
        "1999-12-31T23:59:59.000001Z",
        "2024-02-29T12:30:45.123456Z",
        "2024-03-31T02:30:00Z",
        "2038-01-19T03:14:08Z",
        "9999-12-31T23:59:59.999999Z",
    ];
    round_trips!(db, at, values.map(moment))
}

/// Nanoseconds are cut off, not rounded, before 1970 too.
pub async fn nanoseconds_are_cut_off(db: &Db) -> Result<()> {
    for (stored, read) in [
        ("2024-01-01T00:00:00.123456999Z", "2024-01-01T00:00:00.123456Z"),
        ("2024-01-01T00:00:00.999999999Z", "2024-01-01T00:00:00.999999Z"),
        ("1960-01-01T00:00:00.000000999Z", "1960-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999Z"),
    ] {
        let row = Sample::create().at(moment(stored)).save(db).await?;
        assert_eq!(row.at, Some(moment(read)));
        assert_eq!(Sample::find(&row).get(db).await?.at, Some(moment(read)));
        assert_eq!(Sample::find(&row).filter(Sample::at.eq(moment(stored))).count(db).await?, 1);
    }
    Ok(())
}

/// Date-times one microsecond apart are told apart and ordered.
pub async fn microseconds_are_told_apart(db: &Db) -> Result<()> {
    let start = moment("2024-06-01T10:00:00Z");
    for n in [2, 0, 1] {
        let at = start + TimeDelta::microseconds(n);
        Sample::create().label(n.to_string()).at(at).save(db).await?;
    }
    let middle = start + TimeDelta::microseconds(1);
    assert_eq!(samples_where(db, Sample::at.eq(middle)).await?, "1");
    assert_eq!(samples_where(db, Sample::at.lt(middle)).await?, "0");
    assert_eq!(samples_where(db, Sample::at.gte(middle)).await?, "1 2");
    assert_eq!(samples_where(db, Sample::at.between(start, middle)).await?, "0 1");
    let ordered = Sample::query().order_by(Sample::at.desc()).all(db).await?;
    assert_eq!(labels(&ordered), ["2", "1", "0"]);
    Ok(())
}

/// Dates come back from year 1 to year 9999, leap days included.
pub async fn date_is_kept(db: &Db) -> Result<()> {
    let values = ["0001-01-01", "1582-10-10", "1900-02-28", "1969-12-31", "2000-02-29", "2024-02-29", "9999-12-31"];
    round_trips!(db, day, values.map(day))
}

/// Every column of a row of not-null columns comes back, with its nullable twins empty or full.
pub async fn whole_rows_are_kept(db: &Db) -> Result<()> {
    let row = || {
        let row = Everything::create().flag(true).small(-1).medium(2).big(-3).float(0.5).text("é").bytes(vec![0, 9]);
        row.uuid(Uuid::from_u128(9)).at(moment("2001-02-03T04:05:06.789012Z")).day(day("1815-12-10"))
    };
    let empty = row().save(db).await?;
    let read = Everything::find(&empty).get(db).await?;
    assert_eq!(read, empty);
    assert_eq!((read.flag, read.small, read.medium, read.big, read.float), (true, -1, 2, -3, 0.5));
    assert_eq!((read.text.as_str(), read.bytes.as_slice(), read.uuid), ("é", &[0, 9][..], Uuid::from_u128(9)));
    assert_eq!((read.at, read.day), (moment("2001-02-03T04:05:06.789012Z"), day("1815-12-10")));
    assert_eq!((read.flag_or, read.small_or, read.medium_or, read.big_or, read.float_or), Default::default());
    assert_eq!((read.text_or, read.bytes_or, read.uuid_or, read.at_or, read.day_or), Default::default());
    let full = row().flag_or(false).small_or(1).medium_or(-2).big_or(3).float_or(-0.5).text_or("").bytes_or(vec![]);
    let full = full.uuid_or(Uuid::nil()).at_or(moment("1960-01-01T00:00:00.5Z")).day_or(day("0001-01-01"));
    let full = full.save(db).await?;
    let read = Everything::find(&full).get(db).await?;
    assert_eq!(read, full);
    assert_eq!((read.flag_or, read.small_or, read.text_or.as_deref()), (Some(false), Some(1), Some("")));
    assert_eq!((read.bytes_or.as_deref(), read.uuid_or), (Some(&[][..]), Some(Uuid::nil())));
    Ok(())
}

/// A text with NUL is refused before it is sent, wherever it stands, on every engine.
pub async fn nul_in_text_is_refused(db: &Db) -> Result<()> {
    let refused = |result: Result<()>| assert_eq!(result.unwrap_err().kind(), ErrorKind::Encode);
    refused(Company::create().name("a\0b").save(db).await.map(drop));
    refused(Company::bulk_create([Company::create().name("\0").build()]).exec(db).await.map(drop));
    refused(Company::filter(Company::name.eq("\0")).all(db).await.map(drop));
    refused(Company::filter(Company::city.icontains("\0")).count(db).await.map(drop));
    refused(Company::query().update(Company::city.set("\0")).exec(db).await.map(drop));
    assert_eq!(Company::query().count(db).await?, 0);
    Ok(())
}

/// A text with NUL is refused in a list too.
pub async fn nul_in_a_list_is_refused(db: &Db) -> Result<()> {
    let error = Company::filter(Company::name.in_(["a", "b\0"])).all(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode);
    let error = Company::filter(!Company::city.in_(["\0"])).count(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode);
    Ok(())
}

/// Large values come back whole.
pub async fn large_values_are_kept(db: &Db) -> Result<()> {
    let text = "é😀x".repeat(300_000);
    let bytes: Vec<u8> = (0..=255).cycle().take(2_000_003).collect();
    let row = Sample::create().text(text.as_str()).bytes(bytes.as_slice()).save(db).await?;
    let read = Sample::find(&row).get(db).await?;
    assert!(read.text.as_deref() == Some(&text) && read.bytes.as_deref() == Some(&bytes));
    assert_eq!(Sample::filter(Sample::text.ends_with("😀x")).count(db).await?, 1);
    Ok(())
}

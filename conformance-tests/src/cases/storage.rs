//! What other programs stored, and what a column cannot hold: a typed error, never another value.

use crate::models::{Company, Sample, Wide, batch, raw, wrong};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    feature::Feature,
    prelude::*,
};
use covet_macros::Model;
use uuid::Uuid;

/// NaN and infinities are kept where the database has them, and refused before they are sent elsewhere.
pub async fn special_f32_are_kept_or_refused(db: &Db) -> Result<()> {
    let features = db.dialect().features();
    for (number, feature) in [
        (f32::NAN, Feature::FloatNan),
        (f32::INFINITY, Feature::FloatInfinity),
        (f32::NEG_INFINITY, Feature::FloatInfinity),
    ] {
        let saved = Wide::create().float(number).save(db).await;
        let bulk = Wide::bulk_create([Wide::create().float(number).build()]).exec(db).await;
        let listed = Wide::filter(Wide::float.in_([number])).count(db).await;
        if features.has(feature) {
            let read = Wide::find(&saved?).get(db).await?.float;
            assert_eq!(read.map(f32::to_bits), Some(number.to_bits()));
            assert_eq!((bulk?, listed?), (1, 2));
            Wide::query().delete(db).await?;
            continue;
        }
        for error in [saved.unwrap_err(), bulk.unwrap_err(), listed.unwrap_err()] {
            assert_eq!(error.missing_feature(), Some(feature), "{error}");
        }
    }
    assert_eq!(Wide::query().count(db).await?, 0);
    Ok(())
}

/// NULL in a field that is no `Option` names the column, whatever the type.
pub async fn null_names_the_column(db: &Db) -> Result<()> {
    #[derive(Model, Debug)]
    #[covet(table = "wide")]
    struct Strict {
        id: i64,
        tiny: u8,
        #[covet(decimal(10, 2))]
        price: rust_decimal::Decimal,
        document: serde_json::Value,
        time: chrono::NaiveTime,
        mood: crate::models::Mood,
    }
    let full = || {
        let row = Wide::create().tiny(1).price(rust_decimal::Decimal::ONE).document(serde_json::Value::Null);
        row.time(chrono::NaiveTime::MIN).mood(crate::models::Mood::Glad)
    };
    let row = Strict::find(full().save(db).await?.id).get(db).await?;
    assert_eq!((row.id > 0, row.tiny, row.document, row.time), (true, 1, serde_json::Value::Null, Default::default()));
    assert_eq!((row.price, row.mood), (rust_decimal::Decimal::ONE, crate::models::Mood::Glad));
    for (row, column) in [
        (full().tiny(None), "wide.tiny"),
        (full().price(None), "wide.price"),
        (full().document(None), "wide.document"),
        (full().time(None), "wide.time"),
        (full().mood(None), "wide.mood"),
    ] {
        let error = Strict::find(row.save(db).await?.id).get(db).await.unwrap_err();
        assert_eq!((error.kind(), error.column()), (ErrorKind::Decode, Some(column)));
    }
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "raw")]
struct RawText {
    id: i32,
    value: Option<String>,
}

/// A text that the column's encoding does not have is an error, and never becomes `?`; bytes that are no
/// text are one when they are read.
pub async fn texts_of_other_encodings_are_errors(db: &Db) -> Result<()> {
    match db.dialect().short_name() {
        "sqlite" => {
            wrong!(db, String, "TEXT", ["x'61'", "CAST(x'ff' AS TEXT)", "CAST(x'f09f98' AS TEXT)"]);
            wrong!(db, String, "ANY", ["1", "1.5"]);
        }
        "pg" => {
            wrong!(db, String, "bytea", ["'\\x61'", "'\\xff'"]);
            wrong!(db, Vec<u8>, "text", ["'a'"]);
        }
        _ => {
            wrong!(db, String, "VARBINARY(9)", ["x'ff'", "x'f09f98'"]);
            raw(db, "VARCHAR(20) CHARACTER SET utf8mb3", &["'é'"]).await?;
            let error = RawText::create().id(1).value("a😀b").save(db).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Encode, "{error:?}");
            let changed = RawText::find(0).update(RawText::value.set("😀")).exec(db).await;
            assert_eq!(changed.unwrap_err().kind(), ErrorKind::Encode);
            let rows = RawText::query().all(db).await?;
            assert_eq!(rows, [RawText { id: 0, value: Some("é".into()) }]);
            batch(db, "DROP TABLE raw").await?;
        }
    }
    Ok(())
}

/// Bytes of 16 MiB come back, or are larger than the server's packets, which is said before they are sent.
pub async fn large_bytes_are_kept_or_refused(db: &Db) -> Result<()> {
    for length in [0, 1, 255, 65_536, 16 << 20] {
        let bytes: Vec<u8> = (0..=255).cycle().take(length).collect();
        match Sample::create().bytes(bytes.as_slice()).save(db).await {
            Ok(row) => assert!(Sample::find(&row).get(db).await?.bytes == Some(bytes)),
            Err(error) => {
                assert_eq!((error.kind(), length), (ErrorKind::Encode, 16 << 20));
                assert!(error.to_string().contains("max_allowed_packet"), "{error}");
            }
        }
    }
    Company::create().name("the connection is usable").save(db).await?;
    Ok(())
}

/// A boolean is 0 or 1: what a filter takes for true is what is read as true, and anything else is an error.
pub async fn booleans_agree_with_filters(db: &Db) -> Result<()> {
    #[derive(Model, Debug)]
    #[covet(table = "raw")]
    struct Raw {
        id: i32,
        value: Option<bool>,
    }
    let (column_type, literals) = match db.dialect().short_name() {
        "pg" => ("boolean", ["true", "false"]),
        "sqlite" => ("INTEGER", ["1", "0"]),
        _ => ("TINYINT", ["1", "0"]),
    };
    raw(db, column_type, &literals).await?;
    let row = Raw::filter(Raw::value.eq(true)).get(db).await?;
    assert_eq!((row.id, row.value), (0, Some(true)));
    assert_eq!(Raw::filter(Raw::value.eq(false)).get(db).await?.value, Some(false));
    if db.dialect().short_name() != "pg" {
        wrong!(db, bool, column_type, ["2", "-1"]);
        raw(db, column_type, &["2", "-1"]).await?;
        let either = Raw::value.eq(true) | Raw::value.eq(false);
        assert_eq!(Raw::filter(either).count(db).await?, 0);
    }
    batch(db, "DROP TABLE raw").await
}

/// A boolean in a column of another type: 0 and 1 of an integer or of bits are `false` and `true`, written and read,
/// and what `eq(true)` finds; 2 and -1 are errors, and neither. PostgreSQL has booleans, and takes no integer for one.
pub async fn booleans_of_other_types_agree_with_filters(db: &Db) -> Result<()> {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[covet(table = "raw")]
    struct Raw {
        id: i32,
        value: bool,
    }
    let (types, others): (&[&str], &[&str]) = match db.dialect().short_name() {
        "pg" => {
            for column_type in ["integer", "bit(1)", "text"] {
                raw(db, column_type, &["'1'"]).await?;
                let read = Raw::find(0).get(db).await.unwrap_err();
                assert_eq!((read.kind(), read.column()), (ErrorKind::Decode, Some("raw.value")), "{read:?}");
                Raw::filter(Raw::value.eq(true)).count(db).await.unwrap_err();
                Raw::find(0).update(Raw::value.set(true)).exec(db).await.unwrap_err();
            }
            return batch(db, "DROP TABLE raw").await;
        }
        "sqlite" => (&["INTEGER", "ANY", "INT"], &["2", "-1"]),
        _ => (&["INT", "BIGINT UNSIGNED", "TINYINT(1)", "BIT(1)", "BIT(8)"], &["2", "3"]),
    };
    for column_type in types {
        raw(db, column_type, &[]).await?;
        let rows = [true, false].map(|value| Raw { id: i32::from(value), value });
        for row in &rows {
            assert_eq!(Raw::create().id(row.id).value(row.value).save(db).await?, *row, "{column_type}");
        }
        for row in &rows {
            assert_eq!(Raw::filter(Raw::value.eq(row.value)).get(db).await?, *row, "{column_type}");
            assert_eq!(Raw::filter(Raw::value.in_([row.value])).get(db).await?, *row, "{column_type}");
            assert_eq!(Raw::filter(Raw::value.ne(!row.value)).get(db).await?, *row, "{column_type}");
        }
        assert_eq!(Raw::filter(Raw::value).get(db).await?, rows[0], "{column_type}");
        assert_eq!(Raw::filter(!Raw::value).get(db).await?, rows[1], "{column_type}");
        assert_eq!(Raw::query().order_by(Raw::value.desc()).first(db).await?.as_ref(), Some(&rows[0]));
        Raw::find(0).update(Raw::value.set(true)).exec(db).await?;
        assert_eq!(Raw::filter(Raw::value.eq(true)).count(db).await?, 2, "{column_type}");
        if *column_type != "BIT(1)" {
            wrong!(db, bool, column_type, others);
            raw(db, column_type, others).await?;
            let either = Raw::value.eq(true) | Raw::value.eq(false);
            assert_eq!(Raw::filter(either).count(db).await?, 0, "{column_type}");
        }
    }
    batch(db, "DROP TABLE raw").await
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "parcels")]
struct Parcel {
    #[covet(primary_key)]
    code: Uuid,
    inside: Option<ForeignKey<Parcel>>,
}

/// UUIDs filter, join and are ordered by their bytes; stored as text they are an error, not a miss.
pub async fn uuids_filter_and_join(db: &Db) -> Result<()> {
    db.drop_tables(models![Parcel]).await?;
    db.create_tables(models![Parcel]).await?;
    let code = |n: u128| Uuid::from_u128(n << 64 | (!n & 0xff));
    let outer = Parcel::create().code(code(1)).save(db).await?;
    for n in [0x80, 2, 0xff00] {
        Parcel::create().code(code(n)).inside(&outer).save(db).await?;
    }
    let rows = Parcel::filter(Parcel::inside.code.eq(code(1))).order_by(Parcel::code.asc()).all(db).await?;
    assert_eq!(rows.iter().map(|row| row.code).collect::<Vec<_>>(), [2, 0x80, 0xff00].map(code));
    assert_eq!(Parcel::filter(Parcel::code.gt(code(2)) & Parcel::inside_id.in_([code(1)])).count(db).await?, 2);
    assert_eq!(Parcel::find(code(0x80)).get(db).await?.inside, Some(ForeignKey::new(code(1))));
    db.drop_tables(models![Parcel]).await?;
    wrong!(db, Uuid, "CHAR(36)", ["'00000000-0000-0001-0000-0000000000fe'"]);
    Ok(())
}

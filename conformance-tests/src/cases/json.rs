//! JSON documents: `serde_json::Value` and `Json<T>`.

use crate::models::{Settings, Wide, batch, round_trips, wide_where};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    value::Json,
};
use covet_macros::Model;
use serde_json::{Value as Document, json};

fn deep(levels: usize) -> Document {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

/// Documents of every shape come back, and are equal to themselves.
pub async fn documents_are_kept(db: &Db) -> Result<()> {
    round_trips!(
        db,
        document,
        [
            json!(null),
            json!(true),
            json!(0),
            json!(-1.5),
            json!(""),
            json!("é \" \\ \n \u{1} 😀 % _ '"),
            json!([]),
            json!({}),
            json!([1, "1", [null, {}], {"a": []}]),
            json!({"z": 1, "a": {"b": [1, 2, {"c": null}]}, "": "empty key", "é😀": false}),
            deep(20),
        ]
    )
}

/// A Rust type comes back out of its document.
pub async fn typed_documents_are_kept(db: &Db) -> Result<()> {
    let settings = |ratio| Settings { name: "é 'x'".into(), sizes: vec![0, 1, u64::MAX], ratio };
    round_trips!(db, settings, [Json(settings(None)), Json(settings(Some(0.1)))])
}

/// SQL NULL, JSON's `null` and an absent key are three things.
pub async fn null_missing_and_json_null_differ(db: &Db) -> Result<()> {
    Wide::create().label("sql null").save(db).await?;
    Wide::create().label("json null").document(Document::Null).save(db).await?;
    Wide::create().label("absent").document(json!({})).save(db).await?;
    Wide::create().label("null inside").document(json!({"a": null})).save(db).await?;
    assert_eq!(wide_where(db, Wide::document.is_null()).await?, "sql null");
    assert_eq!(wide_where(db, Wide::document.eq(Document::Null)).await?, "json null");
    assert_eq!(wide_where(db, Wide::document.eq(json!({}))).await?, "absent");
    assert_eq!(wide_where(db, Wide::document.eq(json!({"a": null}))).await?, "null inside");
    let row = |label: &str| Wide::filter(Wide::label.eq(label));
    assert_eq!(row("sql null").get(db).await?.document, None);
    assert_eq!(row("json null").get(db).await?.document, Some(Document::Null));
    row("absent").update(Wide::document.set(Document::Null)).exec(db).await?;
    row("json null").update(Wide::document.set(None)).exec(db).await?;
    assert_eq!(row("absent").get(db).await?.document, Some(Document::Null));
    assert_eq!(row("json null").get(db).await?.document, None);
    Ok(())
}

/// Integers of 64 bits and all `f64` come back exactly, as the kind of number that they were.
pub async fn numbers_are_exact(db: &Db) -> Result<()> {
    let integers = [json!(i64::MIN), json!((1_i64 << 53) + 1), json!(i64::MAX), json!(u64::MAX)];
    round_trips!(db, document, integers)?;
    for float in [0.1, 1.0 / 3.0, 1e15, 1e16, 1e22, 1e23, 1e300, f64::MAX, f64::MIN_POSITIVE, 5e-324, 1.0, -2.5e-7] {
        let row = Wide::create().document(json!([float])).save(db).await?;
        let read = Wide::find(&row).get(db).await?.document.unwrap();
        assert_eq!(read, json!([float]), "{float:e}");
    }
    Ok(())
}

/// A number that `f64` and `u64` cannot keep is an error, not another number.
pub async fn inexact_numbers_are_refused(db: &Db) -> Result<()> {
    for number in ["18446744073709551616", "0.12345678901234567890123", "1e400", "123456789012345678901234567890"] {
        Wide::query().delete(db).await?;
        Wide::create().label("row").save(db).await?;
        let stored = batch(db, &format!("UPDATE wide SET document = '[{number}]'")).await;
        let read = Wide::query().get(db).await;
        if db.dialect().short_name() == "mysql" {
            // MySQL keeps such a number as a double itself, or refuses it.
            assert!(stored.is_err() || read?.document.is_some());
            continue;
        }
        stored?;
        let error = read.unwrap_err();
        assert_eq!((error.kind(), error.column()), (ErrorKind::Decode, Some("wide.document")), "{number}");
    }
    Wide::query().delete(db).await?;
    // The last of several equal keys counts.
    Wide::create().label("row").save(db).await?;
    batch(db, "UPDATE wide SET document = '{\"a\": 1, \"a\": 2}'").await?;
    assert_eq!(Wide::query().get(db).await?.document, Some(json!({"a": 2})));
    Ok(())
}

/// A document is kept or refused with its depth as the reason; what was stored can be read.
pub async fn deep_documents_are_kept_or_refused(db: &Db) -> Result<()> {
    for levels in [10, 30, 31, 32, 50, 99, 100] {
        match Wide::create().document(deep(levels)).save(db).await {
            Ok(row) => assert_eq!(Wide::find(&row).get(db).await?.document, Some(deep(levels))),
            Err(error) => assert!(levels > 30 && db.dialect().short_name() == "mariadb", "{levels}: {error:?}"),
        }
    }
    for levels in [101, 200] {
        let error = Wide::create().document(deep(levels)).save(db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        assert!(error.to_string().contains("100 levels"), "{error}");
    }
    Ok(())
}

/// NUL inside of a document is refused before it is sent, in keys too.
pub async fn nul_in_documents_is_refused(db: &Db) -> Result<()> {
    for document in [json!("a\0"), json!([{"a": "\0"}]), json!({"\0": 1})] {
        let error = Wide::create().document(document.clone()).save(db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        let error = Wide::filter(Wide::document.in_([json!(1), document])).count(db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
    }
    assert_eq!(Wide::query().count(db).await?, 0);
    Ok(())
}

/// Documents are equal or not; asking which is greater is refused.
pub async fn documents_have_no_order(db: &Db) -> Result<()> {
    for condition in [Wide::document.gt(json!(1)), Wide::document.between(json!(1), json!(2))] {
        let error = Wide::filter(condition).count(db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("no order"), "{error}");
    }
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "wide")]
struct Loose {
    id: i64,
    #[covet(default)]
    label: String,
    settings: Option<Document>,
}

/// A document of another shape than the Rust type names the column.
pub async fn other_shapes_name_the_column(db: &Db) -> Result<()> {
    for document in [json!(null), json!([]), json!({"name": 1}), json!({"name": "x", "sizes": [-1], "ratio": null})] {
        let row = Loose::create().settings(document).save(db).await?;
        let error = Wide::find(row.id).get(db).await.unwrap_err();
        assert_eq!((error.kind(), error.column()), (ErrorKind::Decode, Some("wide.settings")));
        assert_eq!(Loose::find(row.id).get(db).await?, row);
    }
    Ok(())
}

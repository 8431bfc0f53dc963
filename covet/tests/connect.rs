//! What `covet::connect` says when it cannot: the thing and the way out.

#![allow(clippy::unwrap_used, clippy::panic)]

use covet::ErrorKind;

fn refusal(url: &str) -> covet::Error {
    covet::connect(url).wait().unwrap_err()
}

#[test]
fn unknown_scheme_names_the_known_ones() {
    let error = refusal("oracle://host/db");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let text = error.to_string();
    assert!(text.contains("`oracle:`") && text.contains("`sqlite:`"), "{text}");
}

#[test]
fn missing_scheme_keeps_the_password() {
    let error = refusal("user secret word:x@host");
    assert!(!format!("{error} {error:?}").contains("secret"));
}

#[cfg(not(feature = "pg"))]
#[test]
fn feature_not_compiled_in_is_named() {
    let text = refusal("postgres://user:secret@host/db").to_string();
    assert!(text.contains("cargo feature `pg`") && !text.contains("secret"), "{text}");
}

#[cfg(feature = "sqlite")]
#[test]
fn folder_that_does_not_exist_is_said() {
    let error = refusal("sqlite:no-such-folder/shop.db");
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("folder"), "{error}");
}

#[cfg(feature = "sqlite")]
#[test]
fn limit_beyond_every_table_is_refused() {
    use covet::prelude::*;

    #[derive(Model, Debug)]
    struct Row {
        id: i64,
    }
    let db = covet::connect("sqlite::memory:").wait().unwrap();
    db.create_tables(models![Row]).wait().unwrap();
    let error = Row::query().limit(u64::MAX).all(&db).wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(Row::query().limit(1).all(&db).wait().unwrap().iter().map(|row| row.id).count(), 0);
}

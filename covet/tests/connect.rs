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
    let rows = Row::query().limit(1).all(&db).wait().unwrap();
    assert!(rows.iter().all(|row| row.id == 0));
    assert!(rows.is_empty());
}

/// A server that accepts and then says nothing: the handshake ends at the deadline too.
#[tokio::test]
async fn silent_server_is_a_timeout() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let soon = std::time::Duration::from_millis(200);
    let pg = covet::Db::builder().backend(covet_dialect_pg::Postgres).connect_timeout(soon);
    let mysql = covet::Db::builder().backend(covet_dialect_mysql::MySql).connect_timeout(soon);
    for (builder, scheme) in [(pg, "postgres"), (mysql, "mysql")] {
        let url = format!("{scheme}://user:secret@127.0.0.1:{port}/db");
        let error = builder.open(&url).await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        assert!(error.to_string().contains("connect_timeout") && !format!("{error:?}").contains("secret"));
    }
}

/// The in-flight statement of a dropped future is stopped, and the next one is answered rightly.
#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread")]
async fn sqlite_survives_dropped_statements() {
    use covet::prelude::*;
    use std::time::Duration;

    #[derive(Model, Debug)]
    struct Number {
        id: i64,
        value: i64,
    }
    let db = covet::connect("sqlite::memory:").await.unwrap();
    db.create_tables(models![Number]).await.unwrap();
    Number::bulk_create((0..2_000).map(|n| Number::create().value(n).build())).exec(&db).await.unwrap();
    for wait in 0..200 {
        let all = Number::filter((Number::value % 7).eq(3)).order_by(Number::value.desc()).all(&db);
        // Dropped at another moment each time.
        let _ = tokio::time::timeout(Duration::from_micros(wait * 5), all).await;
        let _ = tokio::time::timeout(Duration::from_micros(wait * 5), db.begin()).await;
        let one = Number::filter(Number::value.eq(i64::try_from(wait).unwrap())).get(&db).await.unwrap();
        assert_eq!(one.value, i64::try_from(wait).unwrap());
    }
    let count = Number::create().value(-1).save(&db).await.map(|row| row.id).unwrap();
    assert_eq!(Number::find(count).get(&db).await.unwrap().value, -1);
}

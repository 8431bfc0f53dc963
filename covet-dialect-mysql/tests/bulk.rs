//! What bulk inserts promise on MySQL and MariaDB when they need several packets. Servers are given
//! by `COVET_TEST_MYSQL*_URL` and `COVET_TEST_MARIADB*_URL`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use covet_core::{
    backend::{Db, Executor, Work},
    prelude::*,
    query::New,
};
use covet_dialect_mysql::MySql;
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(crate = "covet_core", table = "mysql_bulk_parcels")]
struct Parcel {
    id: i64,
    #[covet(unique)]
    number: i64,
    note: Option<String>,
    text: String,
}

fn servers() -> Vec<String> {
    let is_server =
        |name: &str| ["COVET_TEST_MYSQL", "COVET_TEST_MARIADB"].iter().any(|family| name.starts_with(family));
    let named = std::env::vars().filter(|(name, _)| is_server(name) && name.ends_with("_URL"));
    let urls: Vec<String> = named.map(|(_, url)| url).collect();
    let required = std::env::var("COVET_TEST_REQUIRE").is_ok_and(|value| value == "1");
    assert!(!(urls.is_empty() && required), "no server is given");
    urls
}

/// Forty megabytes; the notes of the first half are NULL, so that the later packets hold values where
/// the first ones hold none.
fn parcels() -> Vec<New<Parcel>> {
    let text = "x".repeat(1 << 20);
    let row = |n: i64| Parcel::create().number(n).note((n >= 20).then(|| format!("note {n}"))).text(text.as_str());
    (0..40).map(|n| row(n).build()).collect()
}

/// Rows of several packets are stored all or not at all, in a transaction and without one, and the
/// connection goes on.
#[tokio::test]
async fn several_packets_are_stored_all_or_not_at_all() {
    for url in servers() {
        let db = Db::builder().backend(MySql).max_connections(1).open(&url).await.unwrap();
        db.run(Work::Batch("DROP TABLE IF EXISTS mysql_bulk_parcels".into())).await.unwrap();
        db.create_tables(models![Parcel]).await.unwrap();
        let twice = || parcels().into_iter().chain([parcels().remove(0)]);
        let error = Parcel::bulk_create(twice()).exec(&db).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error:?}");
        assert_eq!(Parcel::query().count(&db).await.unwrap(), 0);

        let tx = db.begin().await.unwrap();
        let kept = Parcel::create().number(-1).note(None).text("kept").save(&tx).await.unwrap();
        let failed: covet_core::error::Result<u64> =
            tx.transaction(async |tx| Parcel::bulk_create(twice()).exec(tx).await).await;
        assert!(failed.is_err_and(|error| error.is_unique_violation()));
        tx.commit().await.unwrap();
        assert_eq!(Parcel::query().all(&db).await.unwrap(), [kept]);

        assert_eq!(Parcel::bulk_create(parcels()).exec(&db).await.unwrap(), 40);
        let stored = Parcel::filter(Parcel::number.gte(0)).order_by(Parcel::number.asc()).all(&db).await.unwrap();
        assert_eq!(stored.len(), 40);
        for (n, row) in (0..).zip(stored) {
            assert_eq!((row.number, row.text.len()), (n, 1 << 20));
            assert_eq!(row.note, (n >= 20).then(|| format!("note {n}")));
        }
        db.drop_tables(models![Parcel]).await.unwrap();
    }
}

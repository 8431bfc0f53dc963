//! How a million rows go in; the memory of other tests is measured, so this is a program of its own.

use covet_core::backend::Db;
use covet_dialect_pg::Postgres;

#[test]
fn a_million_rows_go_in() {
    covet_conformance::million::rows_go_in_at_once("PG", |url| Box::pin(async move { Db::open(Postgres, &url).await }));
}

//! How a million rows go in; the memory of other tests is measured, so this is a program of its own.

use covet_core::backend::Db;
use covet_dialect_mysql::MySql;

#[test]
fn a_million_rows_go_in() {
    // The newest server of the family takes them, the others a tenth.
    covet_conformance::million::rows_go_in_at_once("MYSQL|MARIADB", |url| {
        Box::pin(async move { Db::open(MySql, &url).await })
    });
}

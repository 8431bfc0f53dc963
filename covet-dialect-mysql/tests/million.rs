//! What memory a stream of a million rows takes.

use covet_core::backend::Db;
use covet_dialect_mysql::MySql;

#[test]
fn a_stream_of_a_million_rows_takes_bounded_memory() {
    for family in ["MYSQL", "MARIADB"] {
        covet_conformance::million::stream_takes_bounded_memory(family, |url| {
            Box::pin(async move { Db::open(MySql, &url).await })
        });
    }
}

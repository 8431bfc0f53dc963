//! The conformance suite on MySQL and MariaDB.

use covet_core::backend::Db;
use covet_dialect_mysql::MySql;

covet_conformance::suite!("MYSQL|MARIADB", |url| Box::pin(async move { Db::open(MySql, &url).await }));

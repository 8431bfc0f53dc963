//! The conformance suite on PostgreSQL.

use covet_core::backend::Db;
use covet_dialect_pg::Postgres;

covet_conformance::suite!("PG", |url| Box::pin(async move { Db::open(Postgres, &url).await }));

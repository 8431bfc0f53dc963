//! SQLite for covet, by rusqlite with its bundled SQLite.
//!
//! One connection writes and several read. Statements that are short run on the caller's thread under a
//! budget, all others on blocking threads, where their rows are decoded too.
//! URLs: `sqlite::memory:`, `sqlite:shop.db`, `sqlite:///var/lib/shop.db`.

mod bind;
mod connection;
mod ddl;
mod dialect;
mod error;
mod features;
mod pool;
mod row;
mod types;
mod url;

pub use dialect::SqliteDialect;

use async_trait::async_trait;
use covet_core::{
    backend::{Backend, Connection, Opened, Options},
    error::Result,
};
use std::sync::Arc;

/// The backend.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sqlite;

#[async_trait]
impl Backend for Sqlite {
    fn schemes(&self) -> &'static [&'static str] {
        &["sqlite"]
    }

    async fn connect(&self, url: &str, options: &Options) -> Result<Box<dyn Connection>> {
        let place = url::parse(url)?;
        let (role, paces) = (connection::Role::Writer, connection::Paces::default());
        Ok(Box::new(connection::SqliteConnection::open(place, role, options.clone(), paces).await?))
    }

    async fn open_boxed(self: Arc<Self>, url: &str, options: &Options) -> Result<Opened> {
        pool::SqlitePool::open(url::parse(url)?, options).await
    }
}

//! PostgreSQL for covet.
//!
//! [`Postgres`] opens databases; [`PostgresDialect`] spells SQL and needs no server. Statements of
//! one connection pipeline. What PostgreSQL spells like standard SQL is not here: it is the default
//! in [`covet_core::render::ansi`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod bind;
mod bulk;
mod connection;
mod ddl;
mod dialect;
mod error;
mod features;
mod row;
mod tls;
mod types;
mod url;

pub use dialect::PostgresDialect;

use async_trait::async_trait;
use covet_core::{
    backend::{Backend, Connection, Opened, Options},
    error::Result,
};
use std::sync::Arc;

/// The backend for URLs that begin with `postgres:` or `postgresql:`.
///
/// A server on another machine is connected to by TLS, and its certificate is verified, unless the
/// URL says otherwise: `sslmode=` is `disable`, `prefer` or `require` (the certificate is not looked
/// at), `verify-ca` (whatever its name) or `verify-full` (the default there). On this machine the
/// default is plain text; sockets are never encrypted. `sslrootcert=FILE` trusts the authorities in
/// a PEM file and no others, `sslcert=FILE&sslkey=FILE` show a certificate of the client.
/// `channel_binding=require` ties the password to the server's certificate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Postgres;

#[async_trait]
impl Backend for Postgres {
    fn schemes(&self) -> &'static [&'static str] {
        url::SCHEMES
    }

    async fn connect(&self, url: &str, options: &Options) -> Result<Box<dyn Connection>> {
        Ok(Box::new(connection::PostgresConnection::connect(url, options).await?))
    }

    async fn open_boxed(self: Arc<Self>, url: &str, options: &Options) -> Result<Opened> {
        self.open(url, options).await
    }
}

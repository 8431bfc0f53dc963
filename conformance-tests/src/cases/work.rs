//! What the cases on transactions, savepoints and pools do with a connection.

use crate::models::*;
use covet::{
    error::{Error, ErrorKind, Result},
    prelude::*,
};

pub(super) async fn add(on: &dyn Executor, name: &str) -> Result<Company> {
    Company::create().name(name).save(on).await
}

/// The names of all companies, in their order.
pub(super) async fn companies(on: &dyn Executor) -> Result<String> {
    let rows = Company::query().order_by(Company::name.asc()).all(on).await?;
    Ok(rows.into_iter().map(|row| row.name).collect::<Vec<_>>().join(" "))
}

/// An error that comes from a statement: a key that is there already.
pub(super) async fn fail(on: &dyn Executor) -> Result<()> {
    let again = Country::create().code("XX").name("again");
    Country::create().code("XX").name("once").save(on).await?;
    again.save(on).await.map(drop)
}

/// An error that comes from the program.
pub(super) fn refusal() -> Error {
    Error::new(ErrorKind::NotFound, "the program says no")
}

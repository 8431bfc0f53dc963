//! A shop: products with decimals, JSON and stock, orders with a status.
//!
//! What can go wrong between two customers is left to the database: the stock is counted down by it, and a CHECK
//! keeps it from going below zero.

mod models;
mod sale;
mod shelf;
mod statistics;

pub use models::{Details, Line, Order, Product, Status};
pub use sale::{ShopError, place_order, ship};
pub use shelf::{Wish, offer, search};
pub use statistics::{Statistics, statistics};

use covet::{Db, Violation, prelude::*};

/// Makes the tables anew.
///
/// # Errors
/// What the database says.
pub async fn set_up(db: &Db) -> covet::Result<()> {
    db.drop_tables(models![Product, Order, Line]).await?;
    db.create_tables(models![Product, Order, Line]).await
}

/// An error as a customer wants to read it: a line for each field that is wrong, or what else happened.
pub fn complaint(error: &covet::Error) -> String {
    let Some(errors) = error.validation() else { return error.to_string() };
    let line = |field: &str, violation: &Violation| format!("{field}: {}", violation.message());
    let lines = errors.iter().flat_map(|(field, all)| all.iter().map(move |violation| line(field, violation)));
    lines.collect::<Vec<_>>().join("\n")
}

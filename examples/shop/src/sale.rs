//! Orders: placing and shipping them.

use crate::models::{Line, Order, Product, Status};
use covet::{Db, Error, backend::TransactionError, prelude::*};
use rust_decimal::Decimal;
use std::fmt;

/// Why an order was not placed.
#[derive(Debug)]
pub enum ShopError {
    /// There is less of the product than was asked for.
    OutOfStock {
        /// Its name.
        product: String,
    },
    /// The order is not in the state that the change needs.
    WrongStatus,
    /// Anything else: a field that is not valid, or the database.
    Database(Error),
}

impl fmt::Display for ShopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShopError::OutOfStock { product } => write!(f, "we have not enough of `{product}`"),
            ShopError::WrongStatus => f.write_str("the order cannot be changed any more"),
            ShopError::Database(error) => f.write_str(&crate::complaint(error)),
        }
    }
}

impl std::error::Error for ShopError {}

impl From<Error> for ShopError {
    fn from(error: Error) -> ShopError {
        ShopError::Database(error)
    }
}

impl TransactionError for ShopError {
    fn database(&self) -> Option<&Error> {
        if let ShopError::Database(error) = self { Some(error) } else { None }
    }
}

/// Stores an order with its lines and takes what it needs from the stock: all of it, or nothing.
///
/// # Errors
/// [`ShopError::OutOfStock`] when the stock does not suffice; what is not valid about the order.
pub async fn place_order(db: &Db, email: &str, wanted: &[(&Product, i32)]) -> Result<Order, ShopError> {
    db.try_transaction(async |tx| {
        let total = wanted.iter().map(|(product, quantity)| product.price * Decimal::from(*quantity)).sum::<Decimal>();
        let order = Order::create().email(email).total(total).save(tx).await?;
        for (product, quantity) in wanted {
            let line = Line::create().order(&order).product(*product).quantity(*quantity).price(product.price);
            // The stock first: a line locks its product for reading, and two customers who both hold that lock
            // would wait for each other's to change it.
            take(tx, product, *quantity).await?;
            line.save(tx).await?;
        }
        Ok(order)
    })
    .await
}

/// Counts the stock down in the database, so that two customers cannot buy the same piece.
async fn take(tx: &dyn Executor, product: &Product, quantity: i32) -> Result<(), ShopError> {
    let taken = Product::find(product).update(Product::stock.set(Product::stock - quantity)).exec(tx).await;
    match taken {
        Err(error) if error.is_check_violation() => Err(ShopError::OutOfStock { product: product.name.clone() }),
        other => other.map(drop).map_err(ShopError::from),
    }
}

/// Marks a paid order as shipped.
///
/// # Errors
/// [`ShopError::WrongStatus`] when it is not paid, or somebody else was faster.
pub async fn ship(db: &Db, order: &Order) -> Result<(), ShopError> {
    let paid = Order::find(order).filter(Order::status.eq(Status::Paid));
    match paid.update(Order::status.set(Status::Shipped)).exec(db).await? {
        0 => Err(ShopError::WrongStatus),
        _ => Ok(()),
    }
}

//! Products: offering and finding them.

use crate::models::{Details, Product};
use covet::{Db, Outcome, prelude::*, value::Json};
use rust_decimal::Decimal;

/// Puts a product on the shelf, or changes its name, price and details when its `sku` is there already. The
/// stock of a product that is there stays as it is.
///
/// # Errors
/// When a field is not valid; nothing is stored then.
pub async fn offer(
    db: &Db,
    sku: &str,
    name: &str,
    price: Decimal,
    details: Details,
) -> covet::Result<(Product, Outcome)> {
    Product::create()
        .sku(sku)
        .name(name)
        .price(price)
        .details(Json(details))
        .on_conflict(Product::sku)
        .update((Product::name, Product::price, Product::details))
        .save(db)
        .await
}

/// What a customer looks for; everything may be left open.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Each word must be in the name.
    pub words: Vec<String>,
    /// The price is at most this.
    pub most: Option<Decimal>,
    /// Only what is in stock.
    pub in_stock: bool,
}

/// The products that a customer may like, by name.
///
/// # Errors
/// What the database says.
pub async fn search(db: &Db, wish: &Wish) -> covet::Result<Vec<Product>> {
    Product::filter(all_of(wish.words.iter().map(|word| Product::name.icontains(word.as_str()))))
        .filter(wish.most.map(|most| Product::price.lte(most)))
        .filter(wish.in_stock.then(|| Product::stock.gt(0)))
        .all(db)
        .await
}

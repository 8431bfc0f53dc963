//! What the shop stores.
#![expect(missing_docs, reason = "the names of the fields say what they are")]

use chrono::{DateTime, Utc};
use covet::{prelude::*, value::Json};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a product is made of; different for each, so it is a document.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// Who makes it.
    pub brand: String,
    /// What it is good for.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// Something to buy.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "shop_products", order_by(name), check(stock_left = Product::stock.gte(0)))]
pub struct Product {
    pub id: i64,
    /// How the shelf calls it.
    #[covet(unique, max_length = 20, regex = "^[A-Z]{2}-[0-9]+$")]
    pub sku: String,
    #[covet(max_length = 100)]
    pub name: String,
    #[covet(decimal(10, 2), min = 0)]
    pub price: Decimal,
    #[covet(default = 0)]
    pub stock: i32,
    pub details: Json<Details>,
}

/// How far an order has come.
#[derive(DbEnum, Serialize, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    Pending,
    Paid,
    Shipped,
    Cancelled,
}

/// What somebody wants.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "shop_orders", order_by(-created_at))]
pub struct Order {
    pub id: i64,
    #[covet(email)]
    pub email: String,
    #[covet(default = Status::Pending, index)]
    pub status: Status,
    #[covet(decimal(12, 2), default)]
    pub total: Decimal,
    #[covet(auto_now_add)]
    pub created_at: DateTime<Utc>,
    #[covet(auto_now)]
    pub changed_at: DateTime<Utc>,
}

/// How many of what, at the price of that day.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "shop_lines", primary_key(order, product))]
pub struct Line {
    pub order: ForeignKey<Order>,
    pub product: ForeignKey<Product>,
    #[covet(range(1..=1000))]
    pub quantity: i32,
    #[covet(decimal(10, 2))]
    pub price: Decimal,
}

use covet::prelude::*;
use rust_decimal::Decimal;

#[derive(Model)]
struct Product {
    id: i64,
    price: Decimal,
}

fn main() {}

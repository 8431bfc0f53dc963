use covet::prelude::*;
use rust_decimal::Decimal;

#[derive(Model)]
struct Product {
    id: i64,
    #[covet(decimal(2, 10))]
    price: Decimal,
}

fn main() {}

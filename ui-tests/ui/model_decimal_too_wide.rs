use covet::prelude::*;
use rust_decimal::Decimal;

#[derive(Model)]
struct Page {
    id: i64,
    #[covet(decimal(29, 2))]
    price: Decimal,
}

fn main() {}

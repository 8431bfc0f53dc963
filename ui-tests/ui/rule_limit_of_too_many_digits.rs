use covet::prelude::*;
use rust_decimal::Decimal;

#[derive(Model)]
struct Page {
    id: i64,
    #[covet(decimal(28, 2), max = 99999999999999999999999999999)]
    price: Decimal,
}

fn main() {}

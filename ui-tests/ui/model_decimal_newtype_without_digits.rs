use covet::prelude::*;

#[derive(SqlType)]
struct Price(rust_decimal::Decimal);

#[derive(Model)]
struct Product {
    id: i64,
    price: Option<Price>,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
#[covet(check(stock = Product::stock))]
struct Product {
    id: i64,
    stock: i32,
}

fn main() {}

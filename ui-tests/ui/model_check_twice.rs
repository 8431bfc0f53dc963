use covet::prelude::*;

#[derive(Model)]
#[covet(check(stock = Product::stock.gte(0)), check(stock = Product::stock.lt(9)))]
struct Product {
    id: i64,
    stock: i32,
}

fn main() {}

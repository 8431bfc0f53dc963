use covet::prelude::*;

#[derive(Model)]
#[covet(check(Product::stock.gte(0)))]
struct Product {
    id: i64,
    stock: i32,
}

fn main() {}

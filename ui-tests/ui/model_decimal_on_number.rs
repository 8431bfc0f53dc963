use covet::prelude::*;

#[derive(Model)]
struct Product {
    id: i64,
    #[covet(decimal(10, 2))]
    price: f64,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
#[covet(order_by(-nmae))]
struct Person {
    id: i64,
    name: String,
}

fn main() {}

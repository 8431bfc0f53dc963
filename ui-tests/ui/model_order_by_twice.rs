use covet::prelude::*;

#[derive(Model)]
#[covet(order_by(id, -id))]
struct Page {
    id: i64,
}

fn main() {}

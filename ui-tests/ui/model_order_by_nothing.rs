use covet::prelude::*;

#[derive(Model)]
#[covet(order_by())]
struct Page {
    id: i64,
}

fn main() {}

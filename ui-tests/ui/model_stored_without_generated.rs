use covet::prelude::*;

#[derive(Model)]
struct Line {
    id: i64,
    #[covet(stored)]
    quantity: i32,
}

fn main() {}

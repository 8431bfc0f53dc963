use covet::prelude::*;

#[derive(Model)]
struct Line {
    id: i64,
    #[covet(default = 1, db_default = 1)]
    quantity: i32,
}

fn main() {}

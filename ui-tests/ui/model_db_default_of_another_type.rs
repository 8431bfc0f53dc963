use covet::prelude::*;

#[derive(Model)]
struct Line {
    id: i64,
    #[covet(db_default = "none")]
    quantity: i32,
}

fn main() {}

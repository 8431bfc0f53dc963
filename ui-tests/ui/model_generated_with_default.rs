use covet::prelude::*;

#[derive(Model)]
struct Line {
    id: i64,
    quantity: i32,
    #[covet(generated = "quantity * 2", db_default = 0)]
    double: i32,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct Line {
    id: i64,
    #[covet(db_default(postgres = "1 + 1"))]
    quantity: i32,
}

fn main() {}

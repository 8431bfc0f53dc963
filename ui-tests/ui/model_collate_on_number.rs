use covet::prelude::*;

#[derive(Model)]
struct Line {
    id: i64,
    #[covet(collate(sqlite = "NOCASE"))]
    quantity: i32,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
#[covet(index(id, method = "GIN ("))]
struct Page {
    id: i64,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
#[covet(index(id, name = "a", name = "b"))]
struct Page {
    id: i64,
}

fn main() {}

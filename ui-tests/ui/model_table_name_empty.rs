use covet::prelude::*;

#[derive(Model)]
#[covet(table = "")]
struct Page {
    id: i64,
}

fn main() {}

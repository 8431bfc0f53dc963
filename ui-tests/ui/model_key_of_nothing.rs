use covet::prelude::*;

#[derive(Model)]
#[covet(primary_key())]
struct Page {
    a: i64,
    b: i64,
}

fn main() {}

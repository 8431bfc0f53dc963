use covet::prelude::*;

#[derive(Model)]
#[covet(primary_key(a, c))]
struct Page {
    a: i64,
    b: i64,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
#[covet(primary_key(a, b))]
struct Page {
    #[covet(auto)]
    a: i64,
    b: i64,
}

fn main() {}

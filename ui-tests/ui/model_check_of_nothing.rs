use covet::prelude::*;

#[derive(Model)]
#[covet(check())]
struct Page {
    id: i64,
}

fn main() {}

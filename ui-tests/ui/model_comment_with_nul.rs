use covet::prelude::*;

#[derive(Model)]
#[covet(comment = "a\0b")]
struct Line {
    id: i64,
}

fn main() {}

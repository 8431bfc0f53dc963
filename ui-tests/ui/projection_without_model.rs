use covet::prelude::*;

#[expect(dead_code)]
#[derive(Projection)]
struct Shown {
    title: String,
}

fn main() {}

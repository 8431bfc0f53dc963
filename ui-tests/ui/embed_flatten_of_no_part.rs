use covet::prelude::*;

struct Stamps {
    edits: i32,
}

#[derive(Model)]
struct Person {
    id: i64,
    #[covet(flatten)]
    stamps: Stamps,
}

fn main() {}

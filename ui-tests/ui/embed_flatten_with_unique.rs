use covet::prelude::*;

#[derive(Embed)]
struct Stamps {
    edits: i32,
}

#[derive(Model)]
struct Person {
    id: i64,
    #[covet(flatten, unique)]
    stamps: Stamps,
}

fn main() {}

use covet::prelude::*;

#[derive(Embed)]
struct Stamps {
    edits: i32,
}

#[derive(Model)]
struct Person {
    id: i64,
    edits: i32,
    #[covet(flatten)]
    stamps: Stamps,
}

fn main() {}

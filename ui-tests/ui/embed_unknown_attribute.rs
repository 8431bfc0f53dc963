use covet::prelude::*;

#[derive(Embed)]
#[covet(table = "stamps")]
struct Stamps {
    edits: i32,
}

fn main() {}

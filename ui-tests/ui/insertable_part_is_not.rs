use covet::prelude::*;

#[derive(Embed)]
struct Stamps {
    edits: i32,
}

#[derive(Model)]
#[covet(insertable)]
struct Page {
    id: i64,
    #[covet(flatten)]
    stamps: Stamps,
}

fn main() {}

use covet::prelude::*;

#[derive(Embed)]
struct Stamps {
    edits: i32,
}

#[derive(Model)]
#[covet(order_by(stamps.edit))]
struct Person {
    id: i64,
    #[covet(flatten)]
    stamps: Stamps,
}

fn main() {}

use covet::prelude::*;

#[derive(Embed)]
struct Stamps {
    #[covet(generated = "1")]
    edits: i32,
}

fn main() {}

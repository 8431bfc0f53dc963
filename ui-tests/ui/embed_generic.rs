use covet::prelude::*;

#[derive(Embed)]
struct Stamps<T> {
    edits: T,
}

fn main() {}

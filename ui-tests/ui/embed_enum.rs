use covet::prelude::*;

#[derive(Embed)]
enum Stamps {
    One,
}

fn main() {}

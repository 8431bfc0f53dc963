use covet::prelude::*;

#[derive(Embed)]
struct Stamps {
    #[covet(primary_key)]
    number: i64,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(regex = "a")]
    field: Vec<u8>,
}

fn main() {}

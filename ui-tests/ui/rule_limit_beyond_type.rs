use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(max = 300)]
    field: u8,
}

fn main() {}

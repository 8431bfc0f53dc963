use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(unique, unique)]
    name: String,
}

fn main() {}

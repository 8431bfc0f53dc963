use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(max_length = 3)]
    #[covet(max_length = 4)]
    name: String,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(min_length = 0)]
    field: String,
}

fn main() {}

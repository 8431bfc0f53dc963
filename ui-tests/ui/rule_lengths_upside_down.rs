use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(min_length = 5, max_length = 4)]
    field: String,
}

fn main() {}

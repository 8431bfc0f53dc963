use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(range(0..=150))]
    field: String,
}

fn main() {}

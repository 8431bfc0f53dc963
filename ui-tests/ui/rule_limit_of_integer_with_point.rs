use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(min = 0.5)]
    field: i32,
}

fn main() {}

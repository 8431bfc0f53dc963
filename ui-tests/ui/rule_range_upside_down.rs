use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(range(10..=1))]
    field: i32,
}

fn main() {}

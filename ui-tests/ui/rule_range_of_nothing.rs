use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(range(..))]
    field: i32,
}

fn main() {}

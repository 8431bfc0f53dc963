use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(one_of(1, 2))]
    field: i32,
}

fn main() {}

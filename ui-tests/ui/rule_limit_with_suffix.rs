use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(min = 0i64)]
    field: i64,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(blank)]
    field: Option<i32>,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(email)]
    field: i32,
}

fn main() {}

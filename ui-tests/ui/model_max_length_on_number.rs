use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(max_length = 10)]
    age: i32,
}

fn main() {}

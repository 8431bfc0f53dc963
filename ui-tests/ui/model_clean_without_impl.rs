use covet::prelude::*;

#[derive(Model)]
#[covet(clean)]
struct User {
    id: i64,
    age: i32,
}

fn main() {}

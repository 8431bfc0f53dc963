use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(validate = even)]
    field: i32,
}

fn even(age: &i32) -> bool {
    age % 2 == 0
}

fn main() {}

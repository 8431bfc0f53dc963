use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    age: i32,
}

#[derive(Model)]
#[covet(check(adult = User::age.gte(18)))]
struct Product {
    id: i64,
    stock: i32,
}

fn main() {}

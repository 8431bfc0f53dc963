use covet::prelude::*;

#[derive(Model)]
#[covet(index(expr = "lower(email)"))]
struct User {
    id: i64,
    email: String,
}

fn main() {}

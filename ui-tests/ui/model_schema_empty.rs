use covet::prelude::*;

#[derive(Model)]
#[covet(schema = "")]
struct User {
    id: i64,
    email: String,
}

fn main() {}

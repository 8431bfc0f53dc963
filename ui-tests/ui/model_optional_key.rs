use covet::prelude::*;

#[derive(Model)]
struct User {
    id: Option<i64>,
    name: String,
}

fn main() {}

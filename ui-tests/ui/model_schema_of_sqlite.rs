use covet::prelude::*;

#[derive(Model)]
#[covet(schema(pg = "app", sqlite = "app"))]
struct User {
    id: i64,
    email: String,
}

fn main() {}

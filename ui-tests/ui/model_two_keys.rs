use covet::prelude::*;

#[derive(Model)]
struct User {
    #[covet(primary_key)]
    id: i64,
    #[covet(primary_key)]
    email: String,
}

fn main() {}

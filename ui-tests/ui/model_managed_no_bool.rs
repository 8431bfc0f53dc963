use covet::prelude::*;

#[derive(Model)]
#[covet(managed = "no")]
struct User {
    id: i64,
    email: String,
}

fn main() {}

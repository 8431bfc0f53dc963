use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(label = "")]
    email: String,
}

fn main() {}

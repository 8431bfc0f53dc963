use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(url)]
    field: String,
}

fn main() {}

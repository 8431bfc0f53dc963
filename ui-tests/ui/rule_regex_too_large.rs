use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(regex = r"\w{1000}")]
    field: String,
}

fn main() {}

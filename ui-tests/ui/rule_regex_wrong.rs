use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(regex = "^[a-z+$")]
    field: String,
}

fn main() {}

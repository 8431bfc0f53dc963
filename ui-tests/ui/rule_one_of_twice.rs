use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(one_of("a", "b", "a"))]
    field: String,
}

fn main() {}

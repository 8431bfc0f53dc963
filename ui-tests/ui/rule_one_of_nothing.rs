use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(one_of())]
    field: String,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(validate = even)]
    field: i32,
}

fn main() {}

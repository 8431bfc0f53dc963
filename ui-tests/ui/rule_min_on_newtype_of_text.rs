use covet::prelude::*;

#[derive(SqlType)]
struct Name(String);

#[derive(Model)]
struct User {
    id: i64,
    #[covet(min = 1)]
    field: Name,
}

fn main() {}

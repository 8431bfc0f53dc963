use covet::prelude::*;

#[derive(SqlType)]
struct Count(i32);

#[derive(Model)]
struct User {
    id: i64,
    #[covet(email)]
    field: Count,
}

fn main() {}

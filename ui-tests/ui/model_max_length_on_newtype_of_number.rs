use covet::prelude::*;

#[derive(SqlType)]
struct Count(i32);

#[derive(Model)]
struct User {
    id: i64,
    #[covet(max_length = 10)]
    field: Count,
}

fn main() {}

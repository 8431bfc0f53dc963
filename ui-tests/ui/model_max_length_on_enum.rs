use covet::prelude::*;

#[derive(DbEnum)]
enum Size {
    Small,
    Large,
}

#[derive(Model)]
struct User {
    id: i64,
    #[covet(max_length = 10)]
    field: Size,
}

fn main() {}

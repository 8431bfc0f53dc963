use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(sql_type(postgres = "citext"))]
    email: String,
}

fn main() {}

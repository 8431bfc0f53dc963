use covet::prelude::*;

#[derive(Model)]
#[covet(tabel = "users")]
struct User {
    id: i64,
}

fn main() {}

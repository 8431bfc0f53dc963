use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(default = "x")]
    views: i32,
}

fn main() {}

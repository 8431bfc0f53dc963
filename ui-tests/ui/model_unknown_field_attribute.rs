use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(uniqe)]
    name: String,
}

fn main() {}

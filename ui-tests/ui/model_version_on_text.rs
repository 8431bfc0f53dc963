use covet::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[covet(version)]
    version: String,
}

fn main() {}

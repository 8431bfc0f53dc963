use covet::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[covet(version)]
    version: Option<i64>,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[covet(version)]
    version: i64,
    #[covet(version)]
    revision: i64,
}

fn main() {}

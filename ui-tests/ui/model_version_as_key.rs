use covet::prelude::*;

#[derive(Model)]
struct Post {
    #[covet(primary_key, version)]
    number: i64,
}

fn main() {}

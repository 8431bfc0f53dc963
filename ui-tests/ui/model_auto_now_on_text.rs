use covet::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[covet(auto_now)]
    changed: String,
}

fn main() {}

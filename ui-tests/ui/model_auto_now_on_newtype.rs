use covet::prelude::*;

#[derive(SqlType)]
struct Stamp(i64);

#[derive(Model)]
struct Post {
    id: i64,
    #[covet(auto_now_add)]
    changed: Stamp,
}

fn main() {}

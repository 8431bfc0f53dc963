use covet::prelude::*;

#[derive(Model, PartialEq)]
#[covet(eq_by_pk)]
struct Post {
    id: i64,
}

fn main() {}

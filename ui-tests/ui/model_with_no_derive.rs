use covet::prelude::*;

#[derive(Model)]
#[covet(table = "nodes", with(Clone))]
struct Node {
    id: i64,
}

fn main() {}

use covet::prelude::*;

struct Author;

#[derive(Model)]
struct Post {
    id: i64,
    author: ForeignKey<Author>,
}

fn main() {}

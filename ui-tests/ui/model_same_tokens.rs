use covet::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
}

#[derive(Model)]
struct Post {
    id: i64,
    author: ForeignKey<User>,
    author_id: i64,
}

fn main() {}

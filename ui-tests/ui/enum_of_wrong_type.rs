use covet::prelude::*;

#[derive(DbEnum)]
enum Status {
    Draft,
    Published,
}

#[derive(Model)]
struct Post {
    id: i64,
    status: Status,
}

fn main() {
    let _ = Post::filter(Post::status.eq("draft"));
}

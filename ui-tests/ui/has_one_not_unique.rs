use covet::prelude::*;

#[derive(Model)]
#[covet(has_one(post: Post.writer))]
pub struct Other {
    pub id: i64,
}

#[derive(Model)]
pub struct Post {
    pub id: i64,
    pub writer: ForeignKey<Other>,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
#[covet(has_many(posts: Article))]
pub struct Other {
    pub id: i64,
}

fn main() {}

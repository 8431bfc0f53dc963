use covet::prelude::*;
use covet_ui_tests::relations::*;

#[derive(Model)]
#[covet(has_many(posts: Post.autor))]
pub struct Other {
    pub id: i64,
}

fn main() {}

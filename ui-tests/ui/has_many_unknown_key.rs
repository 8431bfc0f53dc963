use covet::prelude::*;
use covet_ui_tests::relations::Article;

#[derive(Model)]
#[covet(has_many(posts: Article.autor))]
pub struct Other {
    pub id: i64,
}

fn main() {}

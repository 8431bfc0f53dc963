use covet::prelude::*;
use covet_ui_tests::relations::Article;

#[derive(Model)]
#[covet(has_many(posts: Article.author))]
pub struct Other {
    pub id: i64,
}

fn main() {}

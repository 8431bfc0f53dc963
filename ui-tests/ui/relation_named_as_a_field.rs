use covet::prelude::*;
#[allow(unused_imports)]
use covet_ui_tests::relations::*;

#[derive(Model)]
#[covet(has_many(name: Article.author))]
pub struct Other {
    pub id: i64,
    pub name: String,
}

fn main() {}

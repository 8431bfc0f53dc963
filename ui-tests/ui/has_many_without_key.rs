use covet::prelude::*;
#[allow(unused_imports)]
use covet_ui_tests::relations::*;

#[derive(Model)]
#[covet(has_many(posts: Article))]
pub struct Other {
    pub id: i64,
}

fn main() {}

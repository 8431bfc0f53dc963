use covet::prelude::*;
use covet_ui_tests::relations::*;

#[derive(Model)]
#[covet(has_many(name: Post.author))]
pub struct Other {
    pub id: i64,
    pub name: String,
}

fn main() {}

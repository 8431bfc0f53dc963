use covet::prelude::*;

#[derive(Model)]
#[covet(has_many(name: Article.author))]
pub struct Other {
    pub id: i64,
    pub name: String,
}

fn main() {}

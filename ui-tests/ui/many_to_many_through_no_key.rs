use covet::prelude::*;
use covet_ui_tests::relations::*;

#[derive(Model)]
#[covet(many_to_many(tags: Tag through Post))]
pub struct Other {
    pub id: i64,
}

fn main() {}

use covet::prelude::*;
use covet_ui_tests::relations::{Article, Topic};

#[derive(Model)]
#[covet(many_to_many(tags: Topic through Article))]
pub struct Other {
    pub id: i64,
}

fn main() {}

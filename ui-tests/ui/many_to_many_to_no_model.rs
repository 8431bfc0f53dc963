use covet::prelude::*;
#[allow(unused_imports)]
use covet_ui_tests::relations::*;

#[derive(Model)]
#[covet(many_to_many(names: String))]
pub struct Other {
    pub id: i64,
}

fn main() {}

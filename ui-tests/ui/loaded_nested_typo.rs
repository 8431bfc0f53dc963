use covet::prelude::*;
use covet_ui_tests::relations::*;

#[expect(dead_code)]
fn wrong(_: &loaded!(Article { author { post } })) {}

fn main() {}

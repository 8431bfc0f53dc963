use covet::prelude::*;
use covet_ui_tests::relations::*;

#[expect(dead_code)]
fn wrong(_: &loaded!(Article { autor, tags })) {}

fn main() {}

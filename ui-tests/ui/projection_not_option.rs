use covet::prelude::*;
use covet_ui_tests::relations::*;

#[expect(dead_code)]
#[derive(Projection)]
#[covet(model = Writer)]
struct Shown {
    profile: Portrait,
}

fn main() {}

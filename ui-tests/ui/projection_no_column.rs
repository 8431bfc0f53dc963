use covet::prelude::*;
use covet_ui_tests::relations::*;

#[expect(dead_code)]
#[derive(Projection)]
#[covet(model = Article)]
struct Shown {
    titel: String,
}

fn main() {}

use covet::prelude::*;
use covet_ui_tests::relations::*;

#[expect(dead_code)]
#[derive(Projection)]
#[covet(model = Article)]
struct Shown {
    author: Vec<Writer>,
}

fn main() {}

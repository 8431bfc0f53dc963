use covet::prelude::*;
use covet_ui_tests::relations::*;

#[expect(dead_code)]
#[derive(Projection)]
#[covet(model = Writer)]
struct Shown {
    #[covet(path = profile.id)]
    portrait: i64,
}

fn main() {}

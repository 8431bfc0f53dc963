use covet::prelude::*;
use covet_ui_tests::relations::*;

#[expect(dead_code)]
#[derive(Projection)]
#[covet(model = Article)]
struct Shown {
    title: String,
}

fn main() {}

#[expect(dead_code)]
fn wrong(db: &Db) {
    let _ = Writer::query().select_as::<Shown>().all(db);
}

use covet::prelude::*;
use covet_ui_tests::relations::*;

fn main() {}

#[expect(dead_code)]
fn wrong(db: &Db) -> covet::Result<()> {
    let _ = Article::query().select(Writer::name).all(db);
    Ok(())
}

use covet::prelude::*;
use covet_ui_tests::relations::*;

fn main() {}

#[expect(dead_code)]
fn wrong(_: &Db) -> covet::Result<()> {
    let _ = |article: Article| Article::author.ancestors(&article);
    Ok(())
}

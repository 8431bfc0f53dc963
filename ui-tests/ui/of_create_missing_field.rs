use covet::prelude::*;
use covet_ui_tests::relations::*;

fn main() {}

#[expect(dead_code)]
fn wrong(db: &Db) -> covet::Result<()> {
    let _ = |writer: Writer| Writer::posts.of(&writer).create().views(1).save(db);
    Ok(())
}

use covet::prelude::*;
use covet_ui_tests::relations::*;

fn main() {}

#[expect(dead_code)]
fn wrong(db: &Db, writer: &Writer) {
    let _ = Article::author.loader(db).load(writer);
}

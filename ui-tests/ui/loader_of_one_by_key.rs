use covet::prelude::*;
use covet_ui_tests::relations::*;

fn main() {}

#[expect(dead_code)]
fn wrong(db: &Db) {
    let _ = Article::author.loader(db).load_key(1);
}

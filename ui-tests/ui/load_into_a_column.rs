use covet::{load_into, prelude::*};
use covet_ui_tests::relations::*;

fn main() {}

#[expect(dead_code)]
fn wrong(db: &Db, writers: Vec<Writer>) {
    let _ = load_into(db, writers, Writer::name);
}

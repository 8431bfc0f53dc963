use covet::prelude::*;
use covet_ui_tests::models::*;

fn case(db: &Db) {
    let _ = User::create().name("Ann").weight(1.5).save(db);
}

fn main() {}

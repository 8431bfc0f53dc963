use covet::prelude::*;
use covet_ui_tests::models::*;

fn case(db: Db) {
    let _ = User::query().all(db);
}

fn main() {}

use covet::Db;
use covet_ui_tests::models::*;

fn case(_: &Db) {
    let _ = User::age.gte(18);
}

fn main() {}

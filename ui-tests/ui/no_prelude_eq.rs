use covet::Db;
use covet_ui_tests::models::*;

fn case(_: &Db) {
    let _ = User::age.eq(18);
}

fn main() {}

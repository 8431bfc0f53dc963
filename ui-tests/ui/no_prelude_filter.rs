use covet::Db;
use covet_ui_tests::models::*;

fn case(_: &Db) {
    let _ = User::filter(User::active);
}

fn main() {}

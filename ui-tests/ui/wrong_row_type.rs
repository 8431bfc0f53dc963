use covet::prelude::*;
use covet_ui_tests::models::*;

fn case(db: &Db) {
    let _: Vec<Post> = User::query().all(db).wait().unwrap();
}

fn main() {}

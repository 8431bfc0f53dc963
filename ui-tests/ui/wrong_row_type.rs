mod models;
use covet::prelude::*;
use models::*;

fn case(db: &Db) {
    let _: Vec<Post> = User::query().all(db).wait().unwrap();
}

fn main() {}

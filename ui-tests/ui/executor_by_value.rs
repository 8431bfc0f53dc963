mod models;
use covet::prelude::*;
use models::*;

fn case(db: Db) {
    let _ = User::query().all(db);
}

fn main() {}

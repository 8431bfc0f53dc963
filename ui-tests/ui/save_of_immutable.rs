use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = |user: User, db: &Db| user.save(db).wait();
}

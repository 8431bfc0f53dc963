use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = |user: User, db: &Db| {
        let deleted = user.delete(db).wait();
        (user.age, user.name, deleted)
    };
}

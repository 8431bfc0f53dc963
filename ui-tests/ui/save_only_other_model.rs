use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = |user: &mut User, db: &Db| user.save_only(Post::title, db);
}

use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = |post: &mut Post, db: &Db| post.refresh_only(Post::author.name, db);
}

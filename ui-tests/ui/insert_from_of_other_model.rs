use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = User::insert_from(Post::title, Post::query().select(Post::title));
}

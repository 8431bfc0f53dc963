use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = Post::query().update(Post::author.set(1));
}

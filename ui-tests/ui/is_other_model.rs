use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = Post::filter(Post::author.is(Post::views.gt(1)));
}

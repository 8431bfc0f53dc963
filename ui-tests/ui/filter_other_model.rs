use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = User::filter(Post::views.gt(10));
}

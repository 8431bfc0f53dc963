use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = User::query().filter(Post::views.gt(10));
}

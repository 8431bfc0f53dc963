use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = User::exclude(Post::views.gt(10));
}

use covet::prelude::*;
use covet_ui_tests::models::*;

fn case(post: Post) {
    let _ = User::find(&post);
}

fn main() {}

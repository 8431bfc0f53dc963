use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = Comment::create().post(1).build();
}

use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = User::insert_from(User::name, Post::query().select(User::name));
}

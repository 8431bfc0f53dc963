use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = User::insert_from((User::name, User::age), Post::query().select((Post::title,)));
}

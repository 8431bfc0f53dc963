use covet::prelude::*;
use covet_ui_tests::models::User;

#[derive(Model)]
#[covet(patch)]
struct Page {
    id: i64,
    text: String,
}

fn main() {
    let _ = User::query().update(PagePatch { text: Some(String::new()) });
}

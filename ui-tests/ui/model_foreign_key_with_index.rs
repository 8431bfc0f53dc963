use covet::prelude::*;
use covet_ui_tests::models::User;

#[derive(Model)]
struct Page {
    id: i64,
    #[covet(index)]
    author: ForeignKey<User>,
}

fn main() {}

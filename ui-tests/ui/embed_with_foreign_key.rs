use covet::prelude::*;
use covet_ui_tests::models::*;

#[derive(Embed)]
struct Stamps {
    by: ForeignKey<User>,
}

fn main() {}

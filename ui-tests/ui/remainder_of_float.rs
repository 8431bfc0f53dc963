use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = User::filter((User::weight % 2.0).eq(1.0));
}

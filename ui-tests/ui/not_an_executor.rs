use covet::prelude::*;
use covet_ui_tests::models::*;

fn case(url: String) {
    let _ = User::query().all(&url);
}

fn main() {}

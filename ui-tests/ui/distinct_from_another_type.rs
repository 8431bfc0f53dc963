use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = User::filter(User::age.is_distinct_from("x"));
}

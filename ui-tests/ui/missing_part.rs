use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = Person::create().build();
}

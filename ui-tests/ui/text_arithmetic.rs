use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = User::query().update(User::name.set(User::name + 1));
}

use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = User::filter(User::name.regex(User::nickname));
}

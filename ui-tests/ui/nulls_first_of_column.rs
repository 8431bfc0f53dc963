use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = User::query().order_by(User::nickname.nulls_first());
}

use covet_ui_tests::models::*;

fn main() {
    let _ = User::age.gte(18);
}

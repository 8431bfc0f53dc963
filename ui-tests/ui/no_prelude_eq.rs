use covet_ui_tests::models::*;

fn main() {
    let _ = User::age.eq(18);
}

use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let name = String::from("x");
    let _ = User::raw(format!("SELECT * FROM users WHERE name = '{name}'"));
}

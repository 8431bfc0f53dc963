use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = Company::create().name("Acme").on_conflict(Company::id).update("name");
}

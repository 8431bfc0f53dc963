use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = Company::bulk_create([Company::create().name("Acme")]);
}

use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = Company::get_or_create(Company::create().name("Acme")).by(Company::name);
}

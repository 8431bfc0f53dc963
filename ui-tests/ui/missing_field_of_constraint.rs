use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = Company::create().on_constraint("companies_pkey");
}

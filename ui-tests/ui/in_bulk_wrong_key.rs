use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let _ = Company::in_bulk(["Acme"]);
}

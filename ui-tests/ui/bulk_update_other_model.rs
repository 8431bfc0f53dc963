use covet::prelude::*;
use covet_ui_tests::models::*;

fn case(companies: &[Company]) {
    let _ = Company::bulk_update(companies, (Post::title,));
}

fn main() {}

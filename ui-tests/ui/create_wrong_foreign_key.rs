use covet::prelude::*;
use covet_ui_tests::models::*;

fn case(company: Company) {
    let _ = Post::create().title("x").author(&company);
}

fn main() {}

use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let company = Company::create().name("Acme").build();
    let _ = Company::update_or_create(company).by(Company::id).update(Post::title.set("x"));
}

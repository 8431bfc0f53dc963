use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let company = Company::create().name("Acme").build();
    let _ = Post::bulk_create([company]);
}

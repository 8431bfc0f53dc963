use covet::prelude::*;
use covet_ui_tests::models::*;

fn main() {
    let posts: &[Post] = &[];
    let _ = Company::bulk_update(posts, (Company::name,));
}

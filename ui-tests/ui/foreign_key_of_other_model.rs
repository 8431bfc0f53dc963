use covet::prelude::*;
use covet_ui_tests::models::*;

fn case(company: Company) {
    let _ = Post::filter(Post::author_id.eq(&company));
}

fn main() {}

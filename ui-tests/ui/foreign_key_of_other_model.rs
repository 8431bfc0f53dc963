mod models;
use covet::prelude::*;
use models::*;

fn case(company: Company) {
    let _ = Post::filter(Post::author_id.eq(&company));
}

fn main() {}

mod models;
use covet::prelude::*;
use models::*;

fn case(company: Company) {
    let _ = Post::create().title("x").author(&company);
}

fn main() {}

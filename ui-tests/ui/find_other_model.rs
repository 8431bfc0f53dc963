mod models;
use covet::prelude::*;
use models::*;

fn case(post: Post) {
    let _ = User::find(&post);
}

fn main() {}

mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = Post::filter(Post::author.is(Post::views.gt(1)));
}

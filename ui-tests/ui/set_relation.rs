mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = Post::query().update(Post::author.set(1));
}

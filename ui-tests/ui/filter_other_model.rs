mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = User::filter(Post::views.gt(10));
}

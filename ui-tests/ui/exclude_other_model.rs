mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = User::exclude(Post::views.gt(10));
}

mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = User::query().exclude(Post::views.gt(10));
}

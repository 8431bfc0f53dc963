mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = User::filter(User::age.gt(1) | Post::views.gt(1));
}

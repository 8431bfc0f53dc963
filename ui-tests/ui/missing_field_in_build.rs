mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = Comment::create().post(1).build();
}

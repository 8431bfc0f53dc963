mod models;
use covet::prelude::*;
use models::*;

fn case(url: String) {
    let _ = User::query().all(&url);
}

fn main() {}

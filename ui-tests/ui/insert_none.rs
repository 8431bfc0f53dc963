mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = User::create().name(None);
}

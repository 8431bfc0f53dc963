mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = User::filter((User::weight % 2.0).eq(1.0));
}

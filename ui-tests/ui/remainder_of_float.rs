mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = User::filter(User::weight.gt(User::weight % 2.0));
}

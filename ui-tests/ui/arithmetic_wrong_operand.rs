mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = User::filter(User::age.gt(User::views + "x"));
}

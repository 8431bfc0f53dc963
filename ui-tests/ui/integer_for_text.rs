mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = User::filter(User::name.gte(18));
}

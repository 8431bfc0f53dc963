mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = User::query().update(User::name.set(None));
}

mod models;
use covet::prelude::*;
use models::*;

fn main() {
    let _ = User::query().order_by(User::name);
}

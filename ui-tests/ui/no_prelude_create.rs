mod models;
use models::*;

fn main() {
    let _ = User::create();
}

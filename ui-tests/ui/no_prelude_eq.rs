mod models;
use models::*;

fn main() {
    let _ = User::age.eq(18);
}

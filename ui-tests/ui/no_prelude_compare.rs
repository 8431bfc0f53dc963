mod models;
use models::*;

fn main() {
    let _ = User::age.gte(18);
}

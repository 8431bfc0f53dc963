mod models;
use models::*;

fn main() {
    let _ = User::filter(User::nickname.is_null());
}

use covet::prelude::*;

#[derive(Model)]
#[covet(index(name = "users_email_lower", expr = ""))]
struct User {
    id: i64,
    email: String,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct User {
    name: String,
}

fn main() {}

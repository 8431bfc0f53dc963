use covet::prelude::*;

#[derive(Model)]
struct Report {
    id: i64,
    filter: String,
}

fn main() {}

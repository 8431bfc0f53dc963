use covet::prelude::*;

#[derive(SqlType, Clone)]
struct Name(String);

#[derive(Model)]
#[covet(patch)]
struct Page {
    id: i64,
    name: Name,
}

fn main() {}

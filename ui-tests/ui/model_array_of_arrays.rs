use covet::prelude::*;

#[derive(Model)]
struct Note {
    id: i64,
    grid: Option<Vec<Vec<i32>>>,
}

fn main() {}

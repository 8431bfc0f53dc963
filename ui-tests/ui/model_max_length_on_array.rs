use covet::prelude::*;

#[derive(Model)]
struct Note {
    id: i64,
    #[covet(max_length = 10)]
    tags: Vec<String>,
}

fn main() {}

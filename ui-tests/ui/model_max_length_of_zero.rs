use covet::prelude::*;

#[derive(Model)]
struct Page {
    id: i64,
    #[covet(max_length = 0)]
    text: String,
}

fn main() {}

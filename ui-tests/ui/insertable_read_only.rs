use covet::prelude::*;

#[derive(Model)]
#[covet(insertable)]
struct Page {
    id: i64,
    #[covet(read_only)]
    text: String,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct Page {
    #[covet(primary_key, generated = "1")]
    id: i64,
}

fn main() {}

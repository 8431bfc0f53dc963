use covet::prelude::*;

#[derive(Model)]
struct Page {
    id: i64,
    #[covet(db_default = uuid)]
    text: String,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct Line {
    id: i64,
    #[covet(db_default = now)]
    text: String,
}

fn main() {}

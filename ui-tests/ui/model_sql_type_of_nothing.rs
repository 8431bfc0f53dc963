use covet::prelude::*;

#[derive(Model)]
struct Page {
    id: i64,
    #[covet(sql_type())]
    text: String,
}

fn main() {}

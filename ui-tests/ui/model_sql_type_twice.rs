use covet::prelude::*;

#[derive(Model)]
struct Page {
    id: i64,
    #[covet(sql_type(pg = "citext", pg = "text"))]
    text: String,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct Page {
    id: i64,
    #[covet(sql_type(pg = " "))]
    text: String,
}

fn main() {}

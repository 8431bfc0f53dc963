use covet::prelude::*;

#[derive(DbEnum, Clone, Copy)]
enum Size {
    Small,
}

#[derive(Model)]
#[covet(insertable)]
struct Page {
    id: i64,
    size: Size,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct Page {
    id: i64,
    #[covet(generated = "id * 2", stored, virtual)]
    double: i64,
}

fn main() {}

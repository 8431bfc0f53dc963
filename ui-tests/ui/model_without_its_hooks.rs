use covet::prelude::*;

#[derive(Model)]
#[covet(hooks)]
struct Invoice {
    id: i64,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct Invoice {
    id: i64,
    #[covet(tenant)]
    account: i64,
    #[covet(tenant)]
    region: i64,
}

fn main() {}

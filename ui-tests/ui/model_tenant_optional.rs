use covet::prelude::*;

#[derive(Model)]
struct Invoice {
    id: i64,
    #[covet(tenant)]
    account: Option<i64>,
}

fn main() {}

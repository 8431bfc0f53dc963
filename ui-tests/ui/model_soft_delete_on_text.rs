use covet::prelude::*;

#[derive(Model)]
struct Invoice {
    id: i64,
    #[covet(soft_delete)]
    deleted_at: Option<String>,
}

fn main() {}

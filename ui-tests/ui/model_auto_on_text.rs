use covet::prelude::*;

#[derive(Model)]
struct Country {
    #[covet(primary_key, auto)]
    code: String,
}

fn main() {}

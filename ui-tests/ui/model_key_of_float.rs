use covet::prelude::*;

#[derive(Model)]
struct Reading {
    #[covet(primary_key)]
    value: f64,
}

fn main() {}

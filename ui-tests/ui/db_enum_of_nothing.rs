use covet::prelude::*;

#[derive(DbEnum)]
enum Status {}

fn main() {}

use covet::prelude::*;

#[derive(DbEnum)]
struct Status(String);

fn main() {}

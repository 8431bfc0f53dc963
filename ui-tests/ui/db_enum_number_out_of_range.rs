use covet::prelude::*;

#[derive(DbEnum)]
#[covet(repr = i16)]
enum Status {
    Draft = 1,
    Published = 70_000,
}

fn main() {}

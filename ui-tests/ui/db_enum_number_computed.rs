use covet::prelude::*;

#[derive(DbEnum)]
#[covet(repr = i16)]
enum Status {
    Open = 1 + 1,
}

fn main() {}

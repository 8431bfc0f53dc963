use covet::prelude::*;

#[derive(DbEnum)]
#[covet(repr = i16, native)]
enum Status {
    Open,
}

fn main() {}

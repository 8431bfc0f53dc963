use covet::prelude::*;

#[derive(DbEnum)]
#[covet(repr = usize)]
enum Status {
    Draft,
}

fn main() {}

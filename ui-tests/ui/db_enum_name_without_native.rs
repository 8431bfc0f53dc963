use covet::prelude::*;

#[derive(DbEnum)]
#[covet(name = "state")]
enum Status {
    Open,
}

fn main() {}

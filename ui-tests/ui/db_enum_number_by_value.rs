use covet::prelude::*;

#[derive(DbEnum)]
#[covet(repr = i16)]
enum Status {
    #[covet(value = "1")]
    Open,
}

fn main() {}

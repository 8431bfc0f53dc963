use covet::prelude::*;

#[derive(DbEnum)]
enum Status {
    #[covet(value = "a\0")]
    Open,
}

fn main() {}

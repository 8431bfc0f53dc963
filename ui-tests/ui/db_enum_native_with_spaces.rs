use covet::prelude::*;

#[derive(DbEnum)]
#[covet(native)]
enum Status {
    #[covet(value = " open")]
    Open,
}

fn main() {}

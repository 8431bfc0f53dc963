use covet::prelude::*;

#[derive(DbEnum)]
enum Status {
    Open = 1,
}

fn main() {}

use covet::prelude::*;

#[derive(DbEnum)]
enum Status {
    Draft,
    Published(i64),
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
enum Status {
    Draft,
    Published,
}

fn main() {}

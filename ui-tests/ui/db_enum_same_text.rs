use covet::prelude::*;

#[derive(DbEnum)]
enum Status {
    Draft,
    #[covet(value = "draft")]
    Published,
}

fn main() {}

use covet::prelude::*;

#[derive(DbEnum)]
enum Status {
    #[covet(lable = "Out now")]
    Published,
}

fn main() {}

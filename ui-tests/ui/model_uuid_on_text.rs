use covet::prelude::*;

#[derive(Model)]
struct Parcel {
    id: i64,
    #[covet(uuid = "text")]
    code: String,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
struct Parcel {
    id: i64,
    #[covet(uuid = "braced")]
    code: String,
}

fn main() {}

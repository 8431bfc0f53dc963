use covet::prelude::*;

#[derive(SqlType, Clone)]
struct Code(String);

#[derive(Model)]
struct Parcel {
    id: i64,
    #[covet(uuid = "text")]
    code: Code,
}

fn main() {}

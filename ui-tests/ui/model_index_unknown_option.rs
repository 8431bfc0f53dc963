use covet::prelude::*;

#[derive(Model)]
#[covet(index(room, using = "gin"))]
struct Booking {
    id: i64,
    room: String,
    hour: i32,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
#[covet(index(room, where = 1))]
struct Booking {
    id: i64,
    room: String,
    hour: i32,
}

fn main() {}

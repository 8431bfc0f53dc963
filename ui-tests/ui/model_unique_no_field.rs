use covet::prelude::*;

#[derive(Model)]
#[covet(unique(room, day))]
struct Booking {
    id: i64,
    room: String,
    hour: i32,
}

fn main() {}

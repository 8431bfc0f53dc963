use covet::prelude::*;

#[derive(Model)]
struct Square {
    id: i64,
    side: i64,
    #[covet(generated = "side * side")]
    area: i64,
}

fn main() {
    let _ = Square::create().side(2).area(4);
}

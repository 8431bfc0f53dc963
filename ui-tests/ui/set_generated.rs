use covet::prelude::*;

#[derive(Model)]
struct Line {
    id: i64,
    quantity: i32,
    #[covet(generated = "quantity * 2")]
    twice: i32,
}

fn main() {
    let _ = Line::query().update(Line::twice.set(4));
}

use covet::prelude::*;

#[derive(Model)]
struct Page<T> {
    id: i64,
    body: T,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
#[covet(patch)]
struct Page {
    id: i64,
    text: String,
}

fn main() {
    let _ = PagePatch { id: Some(3), ..Default::default() };
}

use covet::{New, prelude::*};

#[derive(Model)]
struct Page {
    id: i64,
    text: String,
}

fn main() {
    let _ = serde_json::from_str::<New<Page>>("{}");
}

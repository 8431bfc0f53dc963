use covet::prelude::*;

#[derive(Model)]
struct Note {
    id: i64,
    tags: Vec<String>,
}

fn main() {
    let _ = Note::filter(Note::tags.starts_with("a"));
}

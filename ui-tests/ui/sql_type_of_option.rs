use covet::prelude::*;

#[derive(SqlType, Clone)]
struct Name(Option<String>);

fn main() {}

use covet::prelude::*;

#[derive(SqlType, Clone)]
struct Name<T>(T);

fn main() {}

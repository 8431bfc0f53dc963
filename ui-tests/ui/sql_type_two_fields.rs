use covet::prelude::*;

#[derive(SqlType)]
struct Email(String, String);

fn main() {}

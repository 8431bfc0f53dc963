use covet::prelude::*;

#[derive(Model)]
pub struct Country {
    pub id: i64,
    #[covet(unique)]
    pub code: String,
    pub name: String,
}

#[derive(Model)]
pub struct City {
    pub id: i64,
    #[covet(references = code)]
    pub country: String,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
#[covet(many_to_many(create: Topic))]
pub struct Other {
    pub id: i64,
}

fn main() {}

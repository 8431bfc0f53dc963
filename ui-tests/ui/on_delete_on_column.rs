use covet::prelude::*;

#[derive(Model)]
pub struct User {
    pub id: i64,
}

#[derive(Model)]
pub struct Post {
    pub id: i64,
    #[covet(on_delete = cascade)]
    pub author: i64,
}

fn main() {}

use covet::prelude::*;

#[derive(Model)]
pub struct User {
    pub id: i64,
}

#[derive(Model)]
pub struct Post {
    pub id: i64,
    #[covet(on_delete = set_default)]
    pub author: Option<ForeignKey<User>>,
}

fn main() {}

use covet::prelude::*;
use covet_ui_tests::relations::*;

#[derive(Model)]
pub struct Other {
    pub id: i64,
    #[covet(unique)]
    pub user: OneToOne<Writer>,
}

fn main() {}

use covet::prelude::*;
use covet_ui_tests::models::*;

#[derive(Model)]
#[covet(scope = adults)]
struct Invoice {
    id: i64,
}

fn adults() -> Predicate<User> {
    User::age.gte(18)
}

fn main() {}

use covet::prelude::*;
use covet_ui_tests::models::Company;

#[derive(Model)]
struct User {
    id: i64,
    #[covet(validate = even)]
    parent: Option<ForeignKey<Company>>,
}

fn even(_: &i64) -> Result<(), covet::Violation> {
    Ok(())
}

fn main() {}

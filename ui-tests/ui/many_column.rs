use covet::prelude::*;
use covet_ui_tests::relations::*;

fn main() {}

#[expect(dead_code)]
fn wrong(_: &Db) -> covet::Result<()> {
    let _ = User::filter(User::posts.views.gt(1));
    Ok(())
}

use covet::prelude::*;
use covet_ui_tests::relations::*;

fn main() {}

#[expect(dead_code)]
fn wrong(_: &Db) -> covet::Result<()> {
    let _ = Post::query().with(Post::author.with(Comment::post));
    Ok(())
}

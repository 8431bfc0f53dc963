use covet::prelude::*;
use covet_ui_tests::relations::*;

fn main() {}

#[expect(dead_code)]
fn wrong(db: &Db) -> covet::Result<()> {
    let posts = Article::query().with(Article::author).all(db).wait()?;
    println!("{}", posts[0].author.posts.len());
    Ok(())
}

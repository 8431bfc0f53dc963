use covet::prelude::*;
use covet_ui_tests::relations::*;

#[expect(dead_code)]
fn wrong(article: &loaded!(Article { tags })) -> usize {
    article.comments.len()
}

fn main() {}

//! Queries with methods of the user's own, by a trait: what other libraries have managers for.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};

/// Refinements that belong to a model.
trait Posts: Sized {
    fn published(self) -> Self;
    fn popular(self, views: i32) -> Self;
    fn newest_first(self) -> Self;
}

impl Posts for Query<Post> {
    fn published(self) -> Self {
        self.filter(Post::published.eq(true))
    }

    fn popular(self, views: i32) -> Self {
        self.filter(Post::views.gte(views))
    }

    fn newest_first(self) -> Self {
        self.order_by(Post::id.desc())
    }
}

/// They chain with each other and with what every query has, in any order.
pub async fn own_methods_chain(db: &Db) -> Result<()> {
    people(db).await?;
    let author = User::query().order_by(User::id.asc()).limit(1).get(db).await?;
    for (title, views, published) in [("a", 5, true), ("b", 50, true), ("c", 50, false), ("d", 70, true)] {
        Post::create().title(title).author(&author).views(views).published(published).save(db).await?;
    }
    let titles = |posts: Vec<Post>| posts.into_iter().map(|post| post.title).collect::<Vec<_>>();
    assert_eq!(titles(Post::query().published().newest_first().all(db).await?), ["d", "b", "a"]);
    let popular = Post::filter(Post::title.ne("d")).popular(50).published();
    assert_eq!(titles(popular.clone().all(db).await?), ["b"]);
    assert_eq!(popular.update(Post::views.set(0)).exec(db).await?, 1);
    assert_eq!(Post::query().limit(9).published().popular(1).count(db).await?, 2);
    Ok(())
}

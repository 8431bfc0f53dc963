//! What readers see.

use crate::models::{Post, User};
use chrono::{DateTime, TimeDelta, Utc};
use covet::{Db, prelude::*};
use std::collections::BTreeMap;

/// Published, and not in the future.
fn visible(now: DateTime<Utc>) -> Predicate<Post> {
    Post::published_at.lte(now)
}

/// The newest posts.
///
/// # Errors
/// What the database says.
pub async fn recent(db: &Db, now: DateTime<Utc>, count: u64) -> covet::Result<Vec<Post>> {
    Post::filter(visible(now)).limit(count).all(db).await
}

/// The posts that were read most, or that somebody of this name wrote.
///
/// # Errors
/// What the database says.
pub async fn popular(db: &Db, now: DateTime<Utc>, views: i64, author: &str) -> covet::Result<Vec<Post>> {
    Post::filter(visible(now) & (Post::views.gte(views) | Post::author.name.ieq(author)))
        .order_by((Post::views.desc(), Post::title.asc()))
        .all(db)
        .await
}

/// Posts with each of the words in their title or their text.
///
/// # Errors
/// What the database says.
pub async fn search(db: &Db, now: DateTime<Utc>, words: &str) -> covet::Result<Vec<Post>> {
    let each = words.split_whitespace().map(|word| Post::title.icontains(word) | Post::body.icontains(word));
    Post::filter(visible(now) & all_of(each)).all(db).await
}

/// One post, which is counted as read; the database adds, so that no reader is lost.
///
/// # Errors
/// [`is_not_found`](covet::Error::is_not_found) when there is no such post, or it is a draft.
pub async fn read(db: &Db, now: DateTime<Utc>, slug: &str) -> covet::Result<Post> {
    let post = Post::filter(Post::slug.eq(slug) & visible(now));
    post.clone().update(Post::views.set(Post::views + 1)).exec(db).await?;
    post.get(db).await
}

/// The last 30 days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Month {
    /// How many users joined.
    pub new_users: i64,
    /// How many posts each author published, by name.
    pub posts: BTreeMap<String, u64>,
}

/// Counts the 30 days before `now`.
///
/// # Errors
/// What the database says.
pub async fn month(db: &Db, now: DateTime<Utc>) -> covet::Result<Month> {
    let since = now - TimeDelta::days(30);
    let new_users = User::filter(User::joined_at.between(since, now)).count(db).await?;
    let mut posts = BTreeMap::new();
    for author in User::query().all(db).await? {
        let published = Post::filter(Post::author_id.eq(&author) & Post::published_at.between(since, now));
        let count = published.count(db).await?;
        if count > 0 {
            posts.insert(author.name, count.unsigned_abs());
        }
    }
    Ok(Month { new_users, posts })
}

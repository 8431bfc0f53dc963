//! What readers see. Each page is a fixed number of statements, whatever there is to be shown.

use crate::models::{Comment, CommentWith, Post, PostWith, Tag, TagWith, User, UserWith};
use chrono::{DateTime, TimeDelta, Utc};
use covet::{Db, prelude::*};
use std::collections::BTreeMap;

/// A line of a list of posts: with its author, the number of its comments, and its tags.
pub type Entry = PostWith<User, i64, Vec<Tag>>;

/// A post with all that stands on its page: the author, the last comments with who wrote them, the tags.
pub type Page = PostWith<User, Vec<CommentWith<ForeignKey<Post>, Option<User>>>, Vec<Tag>>;

/// Somebody with the number of their posts.
pub type Author = UserWith<i64>;

/// A tag with the number of its posts.
pub type Cloud = TagWith<i64>;

/// Published, and not in the future.
fn visible(now: DateTime<Utc>) -> Predicate<Post> {
    Post::published_at.lte(now)
}

/// The newest posts. Two statements: the tags of all of them come together.
///
/// # Errors
/// What the database says.
pub async fn recent(db: &Db, now: DateTime<Utc>, count: u64) -> covet::Result<Vec<Entry>> {
    Post::filter(visible(now))
        .with(Post::author)
        .with(Post::comments.count())
        .with(Post::tags)
        .limit(count)
        .all(db)
        .await
}

/// The posts that were read most, or that somebody of this name wrote. One statement.
///
/// # Errors
/// What the database says.
pub async fn popular(db: &Db, now: DateTime<Utc>, views: i64, author: &str) -> covet::Result<Vec<PostWith<User>>> {
    Post::filter(visible(now) & (Post::views.gte(views) | Post::author.name.ieq(author)))
        .with(Post::author)
        .order_by((Post::views.desc(), Post::title.asc()))
        .all(db)
        .await
}

/// The authors with more posts than this, the busiest first. One statement.
///
/// # Errors
/// What the database says.
pub async fn prolific(db: &Db, now: DateTime<Utc>, posts: i64) -> covet::Result<Vec<Author>> {
    let published = User::posts.filter(visible(now));
    User::filter(published.clone().count().gt(posts))
        .with(published.clone().count())
        .order_by((published.count().desc(), User::name.asc()))
        .all(db)
        .await
}

/// Posts with each of the words in their title, their text or a tag. One statement.
///
/// # Errors
/// What the database says.
pub async fn search(db: &Db, now: DateTime<Utc>, words: &str) -> covet::Result<Vec<Post>> {
    let each = words
        .split_whitespace()
        .map(|word| Post::title.icontains(word) | Post::body.icontains(word) | Post::tags.any(Tag::label.ieq(word)));
    Post::filter(visible(now) & all_of(each)).all(db).await
}

/// One post, which is counted as read; the database adds, so that no reader is lost. Four statements.
///
/// # Errors
/// [`is_not_found`](covet::Error::is_not_found) when there is no such post, or it is a draft.
pub async fn read(db: &Db, now: DateTime<Utc>, slug: &str) -> covet::Result<Page> {
    let post = Post::filter(Post::slug.eq(slug) & visible(now));
    post.clone().update(Post::views.set(Post::views + 1)).exec(db).await?;
    post.with(Post::author).with(Post::comments.with(Comment::author).limit(50)).with(Post::tags).get(db).await
}

/// Each author with the last comments on each of their newest posts. Three statements.
///
/// # Errors
/// What the database says.
pub async fn latest_comments(
    db: &Db,
    now: DateTime<Utc>,
) -> covet::Result<Vec<UserWith<Vec<PostWith<ForeignKey<User>, Vec<Comment>>>>>> {
    let newest = User::posts.filter(visible(now)).with(Post::comments.limit(3)).limit(5);
    User::filter(User::posts.any(visible(now))).with(newest).all(db).await
}

/// The tags of published posts with their number. One statement.
///
/// # Errors
/// What the database says.
pub async fn tags(db: &Db, now: DateTime<Utc>) -> covet::Result<Vec<Cloud>> {
    let published = Tag::posts.filter(visible(now));
    Tag::filter(published.clone().exists()).with(published.count()).all(db).await
}

/// The last 30 days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Month {
    /// How many users joined.
    pub new_users: i64,
    /// How many posts each author published, by name.
    pub posts: BTreeMap<String, u64>,
}

/// Counts the 30 days before `now`. Two statements.
///
/// # Errors
/// What the database says.
pub async fn month(db: &Db, now: DateTime<Utc>) -> covet::Result<Month> {
    let since = now - TimeDelta::days(30);
    let new_users = User::filter(User::joined_at.between(since, now)).count(db).await?;
    let published = User::posts.filter(Post::published_at.between(since, now));
    let authors = User::filter(published.clone().exists()).with(published.count()).all(db).await?;
    let posts = authors.into_iter().map(|author| (author.name.clone(), author.posts.unsigned_abs())).collect();
    Ok(Month { new_users, posts })
}

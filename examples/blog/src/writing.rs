//! Users and drafts, and how these become posts.

use crate::models::{Post, User};
use chrono::{DateTime, Utc};
use covet::{Db, prelude::*};

/// A new user.
///
/// # Errors
/// What is not valid; a violation of `blog_users_email_key` when the address is taken.
pub async fn sign_up(db: &Db, name: &str, email: &str) -> covet::Result<User> {
    User::create().name(name).email(email).save(db).await
}

/// A new draft.
///
/// # Errors
/// What is not valid; a violation of `blog_posts_slug_key` when the address is taken.
pub async fn write(db: &Db, author: &User, title: &str, slug: &str, body: &str) -> covet::Result<Post> {
    Post::create().author(author).title(title).slug(slug).body(body).save(db).await
}

/// Publishes a draft, once: a second time changes nothing. Says whether it did.
///
/// # Errors
/// What the database says.
pub async fn publish(db: &Db, post: &Post, now: DateTime<Utc>) -> covet::Result<bool> {
    let draft = Post::find(post).filter(Post::published_at.is_null());
    Ok(draft.update(Post::published_at.set(now)).exec(db).await? == 1)
}

/// Publishes everything that a user has not published yet; says how much it was.
///
/// # Errors
/// What the database says.
pub async fn publish_all_of(db: &Db, author: &User, now: DateTime<Utc>) -> covet::Result<u64> {
    let drafts = Post::filter(Post::author_id.eq(author) & Post::published_at.is_null());
    drafts.update(Post::published_at.set(now)).exec(db).await
}

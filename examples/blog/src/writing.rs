//! Users and drafts, how these become posts, and what is said about them.

use crate::models::{Comment, Post, Tag, User};
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
    let drafts = User::posts.of(author).filter(Post::published_at.is_null());
    drafts.update(Post::published_at.set(now)).exec(db).await
}

/// Gives a post exactly these tags; those that are new are made.
///
/// # Errors
/// What the database says, or a label that is too long.
pub async fn tag(db: &Db, post: &Post, labels: &[&str]) -> covet::Result<()> {
    db.transaction(async |tx| {
        let new = labels.iter().map(|label| Tag::create().label(*label).build());
        Tag::bulk_create(new).ignore_conflicts().exec(tx).await?;
        let tags = Tag::filter(Tag::label.in_(labels.iter().copied())).all(tx).await?;
        Post::tags.of(post).set(&tags).exec(tx).await?;
        Ok(())
    })
    .await
}

/// Takes one tag from a post; nothing happens when it has no such tag.
///
/// # Errors
/// What the database says.
pub async fn untag(db: &Db, post: &Post, tag: &Tag) -> covet::Result<bool> {
    Ok(Post::tags.of(post).remove([tag]).exec(db).await? == 1)
}

/// A comment of a user, or of somebody who is none.
///
/// # Errors
/// What is not valid; a violation of `blog_comments_post_id_fkey` when the post is gone.
pub async fn comment(db: &Db, post: &Post, author: Option<&User>, text: &str) -> covet::Result<Comment> {
    Comment::create().post(post).author(author.map(ForeignKey::from)).text(text).save(db).await
}

//! What the blog stores.
#![expect(missing_docs, reason = "the names of the fields say what they are")]

use chrono::{DateTime, Utc};
use covet::prelude::*;

/// Somebody who writes.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "blog_users", order_by(name), has_many(posts: Post.author, comments: Comment.author))]
pub struct User {
    pub id: i64,
    #[covet(max_length = 50)]
    pub name: String,
    #[covet(unique, email)]
    pub email: String,
    #[covet(blank, default, max_length = 500)]
    pub about: String,
    #[covet(auto_now_add)]
    pub joined_at: DateTime<Utc>,
}

/// Something to read. It is a draft until it has a moment of publication.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(
    table = "blog_posts",
    order_by(-published_at, title),
    has_many(comments: Comment.post),
    many_to_many(tags: Tag, table = "blog_post_tags")
)]
pub struct Post {
    pub id: i64,
    #[covet(min_length = 3, max_length = 200)]
    pub title: String,
    /// The last part of its address.
    #[covet(unique, slug, max_length = 60)]
    pub slug: String,
    pub body: String,
    pub author: ForeignKey<User>,
    #[covet(default = 0)]
    pub views: i64,
    #[covet(index)]
    pub published_at: Option<DateTime<Utc>>,
    #[covet(auto_now)]
    pub changed_at: DateTime<Utc>,
}

/// What posts are about.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "blog_tags", order_by(label), many_to_many(posts: Post.tags))]
pub struct Tag {
    pub id: i64,
    #[covet(unique, max_length = 30)]
    pub label: String,
}

/// What a user says about a post, or somebody who is no user.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "blog_comments", order_by(-id))]
pub struct Comment {
    pub id: i64,
    #[covet(max_length = 1000)]
    pub text: String,
    pub post: ForeignKey<Post>,
    pub author: Option<ForeignKey<User>>,
    #[covet(auto_now_add)]
    pub made_at: DateTime<Utc>,
}

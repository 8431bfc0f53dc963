//! What the blog stores.
#![expect(missing_docs, reason = "the names of the fields say what they are")]

use chrono::{DateTime, Utc};
use covet::prelude::*;

/// Somebody who writes.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "blog_users", order_by(name))]
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
#[covet(table = "blog_posts", order_by(-published_at, title))]
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

//! A blog: users, their posts, tags of these, and what others say about them.

mod models;
mod pages;
mod writing;

pub use models::{Comment, Post, Tag, User};
pub use pages::{
    Author, Cloud, Entry, Month, Page, latest_comments, month, popular, prolific, read, recent, search, tags,
};
pub use writing::{comment, publish, publish_all_of, sign_up, tag, untag, write};

use covet::{Db, prelude::*};

/// Makes the tables anew.
///
/// # Errors
/// What the database says.
pub async fn set_up(db: &Db) -> covet::Result<()> {
    let tables = models![User, Post, Tag, Comment];
    db.drop_tables(tables).await?;
    db.create_tables(tables).await
}

//! A blog: users and their posts.

mod models;
mod pages;
mod writing;

pub use models::{Post, User};
pub use pages::{Month, month, popular, read, recent, search};
pub use writing::{publish, publish_all_of, sign_up, write};

use covet::{Db, prelude::*};

/// Makes the tables anew.
///
/// # Errors
/// What the database says.
pub async fn set_up(db: &Db) -> covet::Result<()> {
    db.drop_tables(models![User, Post]).await?;
    db.create_tables(models![User, Post]).await
}

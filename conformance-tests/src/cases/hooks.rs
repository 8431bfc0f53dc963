//! Code of a model around the saving and deleting of one row.

use covet::{
    backend::{Db, Tx},
    error::{Error, ErrorKind, Result},
    prelude::*,
};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "hook_articles", hooks)]
struct Article {
    id: i64,
    #[covet(max_length = 60)]
    title: String,
    #[covet(default, max_length = 60)]
    slug: String,
    stars: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "hook_notes")]
struct Note {
    id: i64,
    text: String,
}

impl Hooks for Article {
    async fn before_save(row: &mut Saving<Self>, tx: &Tx) -> Result<()> {
        let title = row.get(Article::title)?.unwrap_or_default();
        if title == "stop" {
            return Err(Error::new(ErrorKind::CheckViolation, "stopped by the hook"));
        }
        if row.is_new() && row.get(Article::stars)?.flatten().is_none() {
            row.set(Article::stars, 1);
        }
        row.set(Article::slug, title.to_lowercase().replace(' ', "-"));
        Note::create().text(format!("before {title}")).save(tx).await.map(drop)
    }

    async fn after_save(&self, created: bool, tx: &Tx) -> Result<()> {
        // It reads its own row in the same transaction.
        let stored = Article::find(self).get(tx).await?;
        Note::create().text(format!("after {} {created}", stored.slug)).save(tx).await?;
        if self.title.starts_with("late") { Err(Error::new(ErrorKind::CheckViolation, "too late")) } else { Ok(()) }
    }

    async fn before_delete(&self, tx: &Tx) -> Result<()> {
        if self.stars == Some(9) {
            return Err(Error::new(ErrorKind::CheckViolation, "it shines"));
        }
        Note::create().text(format!("deleting {}", self.slug)).save(tx).await.map(drop)
    }

    async fn after_delete(&self, tx: &Tx) -> Result<()> {
        let is_there = Article::find(self).exists(tx).await?;
        Note::create().text(format!("deleted {} {is_there}", self.slug)).save(tx).await.map(drop)
    }
}

async fn tables(db: &Db) -> Result<()> {
    db.drop_tables(models![Article, Note]).await?;
    db.create_tables(models![Article, Note]).await
}

async fn notes(db: &Db) -> Result<Vec<String>> {
    let notes = Note::query().order_by(Note::id.asc()).all(db).await?;
    Ok(notes.into_iter().map(|note| note.text).collect())
}

/// They run around the insert, and may change what is stored.
pub async fn they_run_around_a_new_row(db: &Db) -> Result<()> {
    tables(db).await?;
    let article = Article::create().title("Big News").save(db).await?;
    assert_eq!((article.slug.as_str(), article.stars), ("big-news", Some(1)));
    assert_eq!(Article::find(&article).get(db).await?, article);
    assert_eq!(notes(db).await?, ["before Big News", "after big-news true"]);
    let stars = Article::create().title("b").stars(5).save(db).await?.stars;
    assert_eq!(stars, Some(5));
    Ok(())
}

/// An error of theirs is the error of the write, and nothing of it stays.
pub async fn errors_take_the_write_back(db: &Db) -> Result<()> {
    tables(db).await?;
    let stopped = Article::create().title("stop").save(db).await.unwrap_err();
    assert!(stopped.to_string().starts_with("stopped by the hook"), "{stopped}");
    let late = Article::create().title("late").save(db).await.unwrap_err();
    assert!(late.to_string().starts_with("too late"), "{late}");
    assert_eq!((Article::query().count(db).await?, notes(db).await?.len()), (0, 0));
    // A failed insert takes back what the hook before it did.
    assert!(Article::create().title("x".repeat(61)).save(db).await.is_err());
    assert_eq!((Article::query().count(db).await?, notes(db).await?.len()), (0, 0));
    Ok(())
}

/// Inside a transaction they share its fate, and their errors leave the rest of it.
pub async fn they_share_the_fate_of_a_transaction(db: &Db) -> Result<()> {
    tables(db).await?;
    db.transaction(async |tx| {
        Note::create().text("outer").save(tx).await?;
        assert!(Article::create().title("late").save(tx).await.is_err());
        Article::create().title("good").save(tx).await.map(drop)
    })
    .await?;
    assert_eq!(notes(db).await?, ["outer", "before good", "after good true"]);
    let failed = db.transaction(async |tx| {
        Article::create().title("gone").save(tx).await?;
        Err::<(), _>(Error::new(ErrorKind::NotFound, "on purpose"))
    });
    assert!(failed.await.is_err());
    assert_eq!(Article::query().get(db).await?.title, "good");
    assert_eq!(notes(db).await?.len(), 3);
    Ok(())
}

/// Bulk writes and writes of queries do without.
pub async fn bulk_writes_run_none(db: &Db) -> Result<()> {
    tables(db).await?;
    let rows = ["stop", "late"].map(|title| Article::create().title(title).build());
    assert_eq!(Article::bulk_create(rows).exec(db).await?, 2);
    assert_eq!(Article::query().update(Article::title.set("stop")).exec(db).await?, 2);
    assert_eq!(Article::query().delete(db).await?, 2);
    assert!(notes(db).await?.is_empty());
    Ok(())
}

/// They run around a row in hand that is saved again, whole or in part, and it has what they set.
pub async fn they_run_around_a_row_in_hand(db: &Db) -> Result<()> {
    tables(db).await?;
    let mut article = Article::create().title("One").save(db).await?;
    article.title = "Two Words".to_owned();
    article.save(db).await?;
    assert_eq!(article.slug, "two-words");
    assert_eq!(Article::find(&article).get(db).await?, article);
    article.title = "Three".to_owned();
    article.stars = Some(7);
    // The hook sets the slug too; the stars are not written.
    article.save_only(Article::title, db).await?;
    let stored = Article::find(&article).get(db).await?;
    assert_eq!((stored.title.as_str(), stored.slug.as_str(), stored.stars), ("Three", "three", Some(1)));
    assert_eq!(
        notes(db).await?[2..],
        ["before Two Words", "after two-words false", "before Three", "after three false"]
    );
    article.title = "late change".to_owned();
    assert!(article.save(db).await.is_err());
    assert_eq!((article.slug.as_str(), notes(db).await?.len()), ("three", 6));
    assert_eq!(Article::find(&article).get(db).await?, stored);
    Ok(())
}

/// They run around the deletion of a row in hand, and stop it.
pub async fn they_run_around_a_deletion(db: &Db) -> Result<()> {
    tables(db).await?;
    let article = Article::create().title("One").save(db).await?;
    let shining = Article::create().title("Two").stars(9).save(db).await?;
    assert_eq!(article.delete(db).await?.total(), 1);
    assert_eq!(notes(db).await?[4..], ["deleting one", "deleted one false"]);
    assert!(shining.clone().delete(db).await.is_err());
    assert_eq!(Article::query().get(db).await?, shining);
    assert_eq!(notes(db).await?.len(), 6);
    Ok(())
}

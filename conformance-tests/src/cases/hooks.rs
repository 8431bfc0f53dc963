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

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "hook_tags", hooks)]
struct Tag {
    id: i64,
    #[covet(unique, max_length = 30)]
    name: String,
    #[covet(default, max_length = 10)]
    slug: String,
    #[covet(default)]
    uses: i32,
}

impl Hooks for Tag {
    async fn before_save(row: &mut Saving<Self>, tx: &Tx) -> Result<()> {
        let (name, uses) = (row.get(Tag::name)?.unwrap_or_default(), row.get(Tag::uses)?.unwrap_or_default());
        row.set(Tag::slug, format!("{}{uses}", name.to_lowercase()));
        Note::create().text(format!("before {name} {}", row.is_new())).save(tx).await.map(drop)
    }

    async fn after_save(&self, created: bool, tx: &Tx) -> Result<()> {
        Note::create().text(format!("after {} {created}", self.slug)).save(tx).await?;
        if self.uses < 0 { Err(Error::new(ErrorKind::CheckViolation, "less than none")) } else { Ok(()) }
    }
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
    db.drop_tables(models![Article, Tag, Note]).await?;
    db.create_tables(models![Article, Tag, Note]).await
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

/// They run around the row that `get_or_create` makes, and not around one that it finds.
pub async fn they_run_around_get_or_create(db: &Db) -> Result<()> {
    tables(db).await?;
    let tag = |name: &str| Tag::get_or_create(Tag::create().name(name).build()).by(Tag::name);
    let (first, created) = tag("Rust").save(db).await?;
    assert_eq!((created, &*first.slug), (true, "rust0"));
    assert_eq!(Tag::query().get(db).await?, first);
    assert_eq!(notes(db).await?, ["before Rust true", "after rust0 true"]);
    assert_eq!(tag("Rust").save(db).await?, (first, false));
    assert_eq!(notes(db).await?.len(), 2);
    // What breaks a rule behind the hook is taken back with it.
    assert_eq!(tag("a long name").save(db).await.map_err(|error| error.kind()), Err(ErrorKind::Validation));
    assert_eq!((Tag::query().count(db).await?, notes(db).await?.len()), (1, 2));
    Ok(())
}

/// They run around the row that `update_or_create` makes or changes, and set columns of it.
pub async fn they_run_around_update_or_create(db: &Db) -> Result<()> {
    tables(db).await?;
    let tag = |uses: i32| Tag::update_or_create(Tag::create().name("Rust").uses(uses).build()).by(Tag::name);
    let (first, created) = tag(1).save(db).await?;
    assert_eq!((created, &*first.slug, first.uses), (true, "rust1", 1));
    let (second, created) = tag(2).update(Tag::uses).save(db).await?;
    assert_eq!((created, second.id, &*second.slug, second.uses), (false, first.id, "rust2", 2));
    assert_eq!(Tag::query().get(db).await?, second);
    let (third, _) = tag(7).update(Tag::uses.set(Tag::uses + 1)).save(db).await?;
    assert_eq!((&*third.slug, third.uses), ("rust2", 3));
    let told = ["before Rust true", "after rust1 true", "before Rust false", "after rust2 false"];
    assert_eq!(notes(db).await?, [&told[..], &["before Rust false", "after rust2 false"]].concat());
    let error = tag(-1).save(db).await.map(|found| panic!("{found:?}")).unwrap_err();
    assert!(error.to_string().starts_with("less than none"), "{error}");
    // What the hook sets meets the rules too.
    let error = tag(1_234_567).update(Tag::uses).save(db).await.map(|found| panic!("{found:?}")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
    assert_eq!((Tag::query().get(db).await?, notes(db).await?.len()), (third, 6));
    Ok(())
}

/// Of many tasks one makes the row; what the hooks of the others did is rolled back.
pub async fn tasks_at_once_run_them_once(db: &Db) -> Result<()> {
    tables(db).await?;
    let tasks: Vec<_> = (0..30)
        .map(|_| {
            let (db, row) = (db.clone(), Tag::create().name("Rust").build());
            tokio::spawn(async move { Tag::get_or_create(row).by(Tag::name).save(&db).await })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        made += usize::from(task.await.unwrap()?.1);
    }
    assert_eq!((made, Tag::query().count(db).await?), (1, 1));
    assert_eq!(notes(db).await?, ["before Rust true", "after rust0 true"]);
    Ok(())
}

//! Optimistic locking: a row that was changed since it was read is not written over.

use covet::{backend::Db, error::Result, prelude::*};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "versioned_pages")]
struct Page {
    id: i64,
    text: String,
    edits: i32,
    #[covet(version)]
    version: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "versioned_notes", primary_key(shelf, number))]
struct Note {
    #[covet(max_length = 20)]
    shelf: String,
    number: u32,
    text: Option<String>,
    #[covet(version, column = "lock_version")]
    version: u16,
}

async fn page(db: &Db) -> Result<Page> {
    db.drop_tables(models![Page, Note]).await?;
    db.create_tables(models![Page, Note]).await?;
    Page::create().text("a").edits(0).save(db).await
}

/// A version is 1 at first and counts the changes, whichever way they are made.
pub async fn a_version_counts_the_changes(db: &Db) -> Result<()> {
    let mut page = page(db).await?;
    assert_eq!(page.version, 1);
    page.text = "b".to_owned();
    page.save(db).await?;
    assert_eq!((page.text.as_str(), page.version), ("b", 2));
    assert_eq!(Page::find(&page).get(db).await?, page);
    page.save_only(Page::text, db).await?;
    assert_eq!(page.version, 3);
    assert_eq!(Page::query().update(Page::text.set("c")).exec(db).await?, 1);
    assert_eq!(Page::query().update(Page::text.set("c")).without_touch().exec(db).await?, 1);
    page.refresh(db).await?;
    assert_eq!((page.text.as_str(), page.version), ("c", 5));
    // Set by the program, it is what the program says.
    Page::query().update((Page::version.set(100), Page::text.set("d"))).exec(db).await?;
    page.refresh_only(Page::version, db).await?;
    assert_eq!(page.version, 100);
    let given = Page::create().text("e").edits(0).version(7).save(db).await?;
    let rows = ["f", "g"].map(|text| Page::create().text(text).edits(0).build());
    Page::bulk_create(rows).exec(db).await?;
    let versions = Page::query().order_by(Page::id.asc()).all(db).await?;
    assert_eq!(versions.iter().map(|page| page.version).collect::<Vec<_>>(), [100, given.version, 1, 1]);
    Ok(())
}

/// A row that was changed meanwhile is stale: nothing is written, and a refresh makes it fresh.
pub async fn a_stale_row_is_not_written(db: &Db) -> Result<()> {
    let mut one = page(db).await?;
    let mut two = one.clone();
    one.text = "one".to_owned();
    one.save(db).await?;
    two.text = "two".to_owned();
    let before = two.clone();
    for error in [two.save(db).await, two.save_only(Page::text, db).await] {
        let error = error.unwrap_err();
        assert!(error.is_stale() && !error.is_not_found(), "{error:?}");
        assert!(error.to_string().contains("`Page`"), "{error}");
    }
    assert_eq!(two, before);
    assert_eq!(Page::find(&one).get(db).await?, one);
    assert!(before.delete(db).await.is_err_and(|error| error.is_stale()));
    assert_eq!(Page::query().count(db).await?, 1);
    two.refresh(db).await?;
    assert_eq!(two, one);
    two.save(db).await?;
    assert_eq!(two.delete(db).await?.total(), 1);
    assert_eq!(Page::query().count(db).await?, 0);
    Ok(())
}

/// A row that is gone is not stale but missing.
pub async fn a_missing_row_is_not_stale(db: &Db) -> Result<()> {
    let mut page = page(db).await?;
    Page::find(&page).delete(db).await?;
    for error in [page.save(db).await, page.save_only(Page::text, db).await, page.delete(db).await.map(drop)] {
        let error = error.unwrap_err();
        assert!(error.is_not_found() && !error.is_stale(), "{error:?}");
    }
    Ok(())
}

/// Versions of other integers, and of rows with a key of several columns; the last number is the last.
pub async fn versions_have_their_type(db: &Db) -> Result<()> {
    page(db).await?;
    let mut note = Note::create().shelf("a").number(1).save(db).await?;
    let mut copy = note.clone();
    note.text = Some("x".to_owned());
    note.save(db).await?;
    assert_eq!(note.version, 2);
    assert!(copy.save(db).await.is_err_and(|error| error.is_stale()));
    Note::query().update(Note::version.set(u16::MAX - 1)).exec(db).await?;
    note.refresh(db).await?;
    note.save(db).await?;
    assert_eq!(Note::find(&note).get(db).await?.version, u16::MAX);
    let before = note.clone();
    assert!(note.save(db).await.is_err());
    assert_eq!(note, before);
    Ok(())
}

/// Of many tasks that change one row at once, none loses what another did.
pub async fn no_change_is_lost(db: &Db) -> Result<()> {
    let start = page(db).await?;
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let (db, id) = (db.clone(), start.id);
        tasks.push(tokio::spawn(async move {
            for _ in 0..5 {
                loop {
                    let mut page = Page::find(id).get(&db).await?;
                    page.edits += 1;
                    match page.save(&db).await {
                        Err(error) if error.is_stale() => {}
                        saved => break saved?,
                    }
                }
            }
            Result::<()>::Ok(())
        }));
    }
    for task in tasks {
        task.await.unwrap()?;
    }
    let page = Page::find(start.id).get(db).await?;
    assert_eq!((page.edits, page.version), (40, 41));
    Ok(())
}

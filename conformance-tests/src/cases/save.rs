//! What a save of a row in hand writes: not what is read only, and without validation on request.

use covet::{
    backend::{Db, Tx},
    error::{ErrorKind, Result},
    prelude::*,
    query::Outcome,
};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "save_accounts")]
struct Account {
    id: i64,
    #[covet(unique, max_length = 20)]
    name: String,
    #[covet(range(0..=150))]
    age: i32,
    #[covet(read_only, default = 100)]
    credit: i64,
}

/// A hook keeps what is read only for everybody else.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "save_pages", hooks)]
struct Page {
    id: i64,
    title: String,
    note: Option<String>,
    #[covet(read_only, default)]
    slug: String,
}

impl Hooks for Page {
    async fn before_save(row: &mut Saving<Self>, _tx: &Tx) -> Result<()> {
        let title = row.get(Page::title)?.unwrap_or_default();
        row.set(Page::slug, title.to_lowercase());
        Ok(())
    }
}

async fn account(db: &Db) -> Result<Account> {
    db.drop_tables(models![Account, Page]).await?;
    db.create_tables(models![Account, Page]).await?;
    Account::create().name("Ann").age(30).credit(5).save(db).await
}

fn refused<T: std::fmt::Debug>(result: Result<T>) -> covet::error::Error {
    result.map(|value| panic!("{value:?}")).unwrap_err()
}

/// A column that is read only is written with a new row and by an update of its own, and not by a save of the row.
pub async fn read_only_columns_are_left_alone(db: &Db) -> Result<()> {
    let mut ann = account(db).await?;
    assert_eq!(ann.credit, 5);
    (ann.age, ann.credit) = (31, 1_000_000);
    ann.save(db).await?;
    ann.refresh(db).await?;
    assert_eq!((ann.age, ann.credit), (31, 5));
    assert_eq!(Account::find(&ann).update(Account::credit.set(Account::credit + 1)).exec(db).await?, 1);
    ann.refresh(db).await?;
    assert_eq!(ann.credit, 6);
    // An upsert of the whole row leaves it too; one that names it does not.
    let again = || Account::create().name("Ann").age(32).credit(7).on_conflict(Account::name);
    let (row, outcome) = again().update_all().save(db).await?;
    assert_eq!((outcome, row.age, row.credit), (Outcome::Updated, 32, 6));
    let (row, _) =
        Account::update_or_create(Account::create().name("Ann").age(33).build()).by(Account::name).save(db).await?;
    assert_eq!((row.age, row.credit), (33, 6));
    let (row, _) = again().update((Account::age, Account::credit)).save(db).await?;
    assert_eq!((row.age, row.credit), (32, 7));
    Ok(())
}

/// A save that names it is refused before anything is sent, for one row and for many.
pub async fn read_only_columns_are_refused_by_name(db: &Db) -> Result<()> {
    let mut ann = account(db).await?;
    (ann.age, ann.credit) = (31, 1_000_000);
    let error = refused(ann.save_only((Account::age, Account::credit), db).await);
    assert!(error.kind() == ErrorKind::Configuration && error.to_string().contains("`credit`"), "{error}");
    let error = refused(Account::bulk_update([&ann], (Account::age, Account::credit)).exec(db).await);
    assert!(error.kind() == ErrorKind::Configuration && error.to_string().contains("`credit`"), "{error}");
    ann.refresh(db).await?;
    assert_eq!((ann.age, ann.credit), (30, 5));
    Ok(())
}

/// What a hook sets is written, read only or not.
pub async fn hooks_set_what_is_read_only(db: &Db) -> Result<()> {
    account(db).await?;
    let mut page = Page::create().title("One").save(db).await?;
    assert_eq!(page.slug, "one");
    (page.title, page.note, page.slug) = ("Two".into(), Some("x".into()), "mine".into());
    page.save(db).await?;
    page.refresh(db).await?;
    assert_eq!((&*page.title, page.note.as_deref(), &*page.slug), ("Two", Some("x"), "two"));
    page.title = "Three".into();
    page.note = None;
    page.save_only(Page::title, db).await?;
    page.refresh(db).await?;
    assert_eq!((&*page.title, page.note.as_deref(), &*page.slug), ("Three", Some("x"), "three"));
    Ok(())
}

/// A save asks the rules of the model unless it says not to; the future can be sent and spawned.
pub async fn validation_is_skipped_on_request(db: &Db) -> Result<()> {
    let mut ann = account(db).await?;
    ann.age = 200;
    assert_eq!(refused(ann.save(db).await).kind(), ErrorKind::Validation);
    assert_eq!(refused(ann.save_only(Account::age, db).await).kind(), ErrorKind::Validation);
    ann.save(db).skip_validation().await?;
    assert_eq!(Account::find(&ann).get(db).await?.age, 200);
    ann.age = 300;
    ann.save_only(Account::age, db).skip_validation().await?;
    assert_eq!(Account::find(&ann).get(db).await?.age, 300);
    let own = db.clone();
    let done = tokio::spawn(async move {
        ann.age = 400;
        ann.save(&own).skip_validation().await.map(|()| ann)
    });
    let mut ann = done.await.unwrap()?;
    assert_eq!(Account::find(&ann).get(db).await?.age, 400);
    // The constraints of the database hold.
    ann.name = "a name of 21 letters!".into();
    assert!(refused(ann.save(db).skip_validation().await).is_check_violation());
    Ok(())
}

/// Blocking code waits for a save as for anything else.
pub async fn saves_are_waited_for(db: &Db) -> Result<()> {
    let ann = account(db).await?;
    let own = db.clone();
    let waited = tokio::task::spawn_blocking(move || {
        let mut ann = ann;
        ann.age = 40;
        ann.save(&own).wait()?;
        ann.age = 400;
        ann.save_only(Account::age, &own).skip_validation().wait().map(|()| ann)
    });
    let ann = waited.await.unwrap()?;
    assert_eq!(Account::find(&ann).get(db).await?.age, 400);
    Ok(())
}

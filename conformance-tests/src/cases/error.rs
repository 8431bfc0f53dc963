//! What errors say, and what they do not.

use crate::models::*;
use covet::{
    backend::Db,
    error::{Error, ErrorKind, Result},
    prelude::*,
};
use covet_macros::Model;

/// The table `users` as if `nickname` could not be NULL.
#[derive(Model, Debug)]
#[covet(table = "users")]
struct Strict {
    id: i64,
    nickname: String,
}

/// The table `users` as if ages were small.
#[derive(Model, Debug)]
#[covet(table = "users")]
struct Narrow {
    id: i64,
    age: i16,
}

/// The table `users` as if `email` could be NULL.
#[derive(Model, Debug)]
#[covet(table = "users")]
struct Loose {
    id: i64,
    name: String,
    email: Option<String>,
    age: i32,
    active: bool,
    views: i64,
}

fn without(error: &Error, values: &[&str]) {
    let text = format!("{error} {error:?} {error:#?}");
    for value in values {
        assert!(!text.contains(value), "{value:?} is in {text}");
    }
}

/// A duplicate in a unique column names the constraint, the table and the column.
pub async fn unique_violation_names_the_constraint(db: &Db) -> Result<()> {
    people(db).await?;
    let error = User::create().name("Ann").email("ann@x").age(1).save(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation);
    assert!(error.is_unique_violation() && !error.is_foreign_key_violation());
    assert_eq!(error.constraint(), Some("users_email_key"));
    assert_eq!(error.table(), Some("users"));
    assert_eq!(error.columns(), ["email"]);
    let error = User::filter(User::name.eq("Bob")).update(User::email.set("ann@x")).exec(db).await.unwrap_err();
    assert_eq!((error.constraint(), error.columns()), (Some("users_email_key"), &["email".to_owned()][..]));
    assert_eq!(User::query().count(db).await?, 3);
    Ok(())
}

/// Uniqueness goes by code point: case, accents and trailing spaces make another text.
pub async fn unique_text_goes_by_code_point(db: &Db) -> Result<()> {
    for email in ["a@x", "A@x", "á@x", "a@x ", " a@x", "", " "] {
        User::create().name("x").email(email).age(1).save(db).await?;
    }
    assert!(User::create().name("x").email("A@x").age(1).save(db).await.unwrap_err().is_unique_violation());
    assert_eq!(User::query().count(db).await?, 7);
    Ok(())
}

/// A duplicate key is a unique violation of the key.
pub async fn duplicate_key_is_a_unique_violation(db: &Db) -> Result<()> {
    Company::create().id(5).name("five").save(db).await?;
    let error = Company::create().id(5).name("again").save(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!((error.table(), error.columns()), (Some("companies"), &["id".to_owned()][..]));
    Country::create().code("AT").name("Austria").save(db).await?;
    let error = Country::create().code("AT").name("again").save(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!((error.table(), error.columns()), (Some("countries"), &["code".to_owned()][..]));
    assert_eq!(Country::find("AT").get(db).await?.name, "Austria");
    Ok(())
}

/// A row that refers to nothing names the foreign key.
pub async fn foreign_key_violation_names_the_constraint(db: &Db) -> Result<()> {
    let People { ann, .. } = posts(db).await?;
    let check = |error: Error, column: &str| {
        assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation);
        assert!(error.is_foreign_key_violation() && !error.is_unique_violation());
        assert_eq!(error.table(), Some("posts"), "{error:?}");
        assert_eq!(error.columns(), [column], "{error:?}");
        assert_eq!(error.constraint(), Some(format!("posts_{column}_fkey").as_str()));
    };
    check(Post::create().title("x").author(-1).save(db).await.unwrap_err(), "author_id");
    check(Post::create().title("x").author(&ann).reviewer(-1).save(db).await.unwrap_err(), "reviewer_id");
    let beta = || Post::filter(Post::title.eq("Beta"));
    check(beta().update(Post::author_id.set(-1)).exec(db).await.unwrap_err(), "author_id");
    check(beta().update(Post::reviewer_id.set(-1)).exec(db).await.unwrap_err(), "reviewer_id");
    assert_eq!(Post::query().count(db).await?, 4);
    assert_eq!(beta().get(db).await?.author, ForeignKey::from(&ann));
    Ok(())
}

/// A row that others refer to cannot go; the error names the table that refers to it.
pub async fn deleting_a_parent_names_the_child(db: &Db) -> Result<()> {
    let People { bob, acme, .. } = posts(db).await?;
    let error = User::find(&bob).delete(db).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error:?}");
    assert_eq!(error.table(), Some("posts"), "{error:?}");
    let error = Company::find(&acme).delete(db).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error:?}");
    assert_eq!(error.table(), Some("users"), "{error:?}");
    assert_eq!((User::query().count(db).await?, Company::query().count(db).await?), (3, 1));
    Ok(())
}

/// A violation inside a transaction is named like one outside.
pub async fn violations_in_transactions_are_named(db: &Db) -> Result<()> {
    people(db).await?;
    let tx = db.begin().await?;
    let error = tx.transaction(async |tx| Post::create().title("x").author(-1).save(tx).await).await.unwrap_err();
    assert_eq!((error.table(), error.columns()), (Some("posts"), &["author_id".to_owned()][..]), "{error:?}");
    let again = async |tx: &Tx| User::create().name("x").email("bob@x").age(1).save(tx).await;
    let error = tx.transaction(again).await.unwrap_err();
    assert_eq!((error.table(), error.columns()), (Some("users"), &["email".to_owned()][..]), "{error:?}");
    assert_eq!(User::query().count(&tx).await?, 3);
    tx.rollback().await
}

/// A NULL in a column that must not be NULL names the column.
pub async fn not_null_violation_names_the_column(db: &Db) -> Result<()> {
    let row = Loose::create().name("x").email(None).age(1).active(true).views(0);
    let error = row.save(db).await.unwrap_err();
    assert!(error.is_not_null_violation(), "{error:?}");
    assert_eq!((error.table(), error.columns()), (Some("users"), &["email".to_owned()][..]));
    people(db).await?;
    let error = Loose::query().update(Loose::email.set(None)).exec(db).await.unwrap_err();
    assert!(error.is_not_null_violation(), "{error:?}");
    assert_eq!(error.columns(), ["email"]);
    Ok(())
}

/// No error shows a value: not in its text, not in its debug form.
pub async fn errors_show_no_values(db: &Db) -> Result<()> {
    let values = ["secret", "4711", "hidden"];
    let row = || User::create().name("hidden").email("secret@x").age(4_711);
    row().save(db).await?;
    without(&row().save(db).await.unwrap_err(), &values);
    without(&User::bulk_create([row().build()]).exec(db).await.unwrap_err(), &values);
    Company::create().id(4_711).name("hidden").save(db).await?;
    without(&Company::create().id(4_711).name("secret").save(db).await.unwrap_err(), &values);
    without(&Post::create().title("secret").author(-4_711).save(db).await.unwrap_err(), &values);
    without(&Post::create().title("secret".repeat(99)).author(4_711).save(db).await.unwrap_err(), &values);
    without(&User::filter(User::name.eq("secret\0")).all(db).await.unwrap_err(), &values);
    without(&User::filter(User::email.eq("secret")).get(db).await.unwrap_err(), &values);
    without(&Strict::filter(Strict::id.gt(-4_711)).get(db).await.unwrap_err(), &values);
    Ok(())
}

/// An error of the database carries the SQL text with placeholders.
pub async fn errors_carry_the_statement(db: &Db) -> Result<()> {
    people(db).await?;
    let error = User::create().name("Ann").email("ann@x").age(1).save(db).await.unwrap_err();
    assert!(error.statement().is_some_and(|sql| sql.starts_with("INSERT") && !sql.contains("ann@x")), "{error:?}");
    assert!(error.to_string().contains("email"), "{error}");
    Ok(())
}

/// After errors of every kind the database works on.
pub async fn database_is_usable_after_errors(db: &Db) -> Result<()> {
    people(db).await?;
    for n in 0..30 {
        assert!(User::create().name("x").email("ann@x").age(n).save(db).await.is_err());
        assert!(Post::create().title("x").author(-1).save(db).await.is_err());
        assert!(Strict::query().all(db).await.is_err());
        assert!(User::find(-1).get(db).await.is_err());
        assert_eq!(User::query().count(db).await?, 3);
    }
    User::create().name("Zoe").email("zoe@x").age(3).save(db).await?;
    assert_eq!(users_where(db, None).await?, "Ann Bob Eve Zoe");
    Ok(())
}

/// A NULL where the field is no `Option` names the column.
pub async fn unexpected_null_names_the_column(db: &Db) -> Result<()> {
    people(db).await?;
    let error = Strict::query().order_by(Strict::id.asc()).all(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.column(), Some("users.nickname"));
    let ann = Strict::query().order_by(Strict::id.asc()).first(db).await?.unwrap();
    assert_eq!((ann.id > 0, ann.nickname.as_str()), (true, "annie"));
    Ok(())
}

/// A number that is too large for the field names the column, and is not cut.
pub async fn number_out_of_range_names_the_column(db: &Db) -> Result<()> {
    User::create().name("fits").email("a@x").age(i32::from(i16::MAX)).save(db).await?;
    User::create().name("large").email("b@x").age(70_000).save(db).await?;
    let error = Narrow::query().order_by(Narrow::id.asc()).all(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.column(), Some("users.age"));
    without(&error, &["70000"]);
    let fits = Narrow::query().order_by(Narrow::id.asc()).first(db).await?;
    assert_eq!(fits.map(|row| row.age), Some(i16::MAX));
    Ok(())
}

/// A text that is longer than the column is an error, and nothing is stored.
pub async fn too_long_text_is_refused(db: &Db) -> Result<()> {
    assert!(Company::create().name("x".repeat(101)).save(db).await.is_err());
    assert!(Company::create().name("😀".repeat(101)).save(db).await.is_err());
    assert_eq!(Company::query().count(db).await?, 0);
    let row = Company::create().name("😀".repeat(100)).save(db).await?;
    assert_eq!(Company::find(&row).get(db).await?.name.chars().count(), 100);
    assert!(Company::find(&row).update(Company::name.set("é".repeat(101))).exec(db).await.is_err());
    assert_eq!(Company::filter(Company::name.starts_with("😀")).count(db).await?, 1);
    Ok(())
}

/// Spaces at the end count: one too many is an error, and is not cut off in silence.
pub async fn too_many_trailing_spaces_are_refused(db: &Db) -> Result<()> {
    assert!(Company::create().name(format!("{} ", "x".repeat(100))).save(db).await.is_err());
    let row = Company::create().name(format!("{} ", "x".repeat(99))).save(db).await?;
    assert!(Company::find(&row).update(Company::name.set(" ".repeat(101))).exec(db).await.is_err());
    assert_eq!(Company::query().get(db).await?, row);
    Ok(())
}

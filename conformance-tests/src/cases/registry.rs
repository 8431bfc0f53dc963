//! Lists of models.

use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    registry::Registry,
};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "registry_shelves")]
struct Shelf {
    id: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "registry_books")]
struct Book {
    id: i64,
    shelf: ForeignKey<Shelf>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "registry_books")]
struct Tome {
    id: i64,
}

const MODELS: Registry = Registry::new(&models![Book, Shelf]);

/// A list is a constant that is asked by the names of models and tables, and makes the tables.
pub async fn a_list_is_asked_by_name(db: &Db) -> Result<()> {
    let models = MODELS.checked()?;
    assert_eq!(models.by_name("Book").map(|table| table.name), Some("registry_books"));
    assert_eq!(models.by_table("registry_shelves").map(|table| table.model), Some("Shelf"));
    assert!(models.by_name("book").is_none() && models.by_table("Shelf").is_none());
    assert_eq!(models.tables().len(), 2);
    db.drop_tables(MODELS).await?;
    db.create_tables(MODELS).await?;
    let shelf = Shelf::create().save(db).await?;
    Book::create().shelf(&shelf).save(db).await?;
    assert_eq!(Book::query().count(db).await?, 1);
    Ok(())
}

/// Two models of one table are refused, by both names; one that is listed twice is not.
pub async fn two_models_of_one_table_are_refused(db: &Db) -> Result<()> {
    const TWICE: Registry = Registry::new(&models![Shelf, Book, Tome]);
    let error = TWICE.checked().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let text = error.to_string();
    assert!(["`Book`", "`Tome`", "`registry_books`"].iter().all(|name| text.contains(name)), "{text}");
    db.drop_tables(MODELS).await?;
    let error = db.create_tables(models![Tome, Shelf, Book]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    db.create_tables(models![Shelf, Book, Shelf]).await
}

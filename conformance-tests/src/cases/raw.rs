//! SQL that the user writes.

use crate::models::*;
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    query::{assert_safe, sql},
};

/// Rows of raw SQL become models by the names of the columns, wherever they stand.
pub async fn models_are_read_by_name(db: &Db) -> Result<()> {
    let acme = Company::create().name("Acme").city(Some("Bern".to_owned())).save(db).await?;
    Company::create().name("Zeta").save(db).await?;
    let rows = Company::raw("SELECT * FROM companies WHERE name = ?").bind("Acme").all(db).await?;
    assert_eq!(rows, std::slice::from_ref(&acme));
    let turned = "SELECT 1 AS one, city, name, id FROM companies ORDER BY name DESC";
    let rows = Company::raw(turned).all(db).await?;
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Zeta", "Acme"]);
    assert_eq!(rows[1], acme);
    assert_eq!(Company::raw(turned).first(db).await?.map(|row| row.name), Some("Zeta".to_owned()));
    Ok(())
}

/// A model's column that the statement does not give is named.
pub async fn missing_column_is_named(db: &Db) -> Result<()> {
    Company::create().name("Acme").save(db).await?;
    let error = Company::raw("SELECT id, name FROM companies").all(db).await.unwrap_err();
    assert_eq!((error.kind(), error.column()), (ErrorKind::Decode, Some("companies.city")));
    Ok(())
}

/// Rows become tuples by position; another number of columns is an error.
pub async fn tuples_are_read_by_position(db: &Db) -> Result<()> {
    let acme = Company::create().name("Acme").save(db).await?;
    let row = sql("SELECT name, id, city FROM companies").rows::<(String, i64, Option<String>)>().get(db).await?;
    assert_eq!(row, ("Acme".to_owned(), acme.id, None));
    let error = sql("SELECT name, id FROM companies").rows::<(String,)>().all(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("2 columns"), "{error}");
    Ok(())
}

/// NULL in a column that is no `Option`, or a value of another type, names the column.
pub async fn undecodable_column_is_named(db: &Db) -> Result<()> {
    Company::create().name("Acme").save(db).await?;
    let error = sql("SELECT city FROM companies").rows::<(String,)>().all(db).await.unwrap_err();
    assert_eq!((error.kind(), error.column()), (ErrorKind::Decode, Some("city")));
    let error = sql("SELECT name AS label FROM companies").rows::<(i64,)>().all(db).await.unwrap_err();
    assert_eq!((error.kind(), error.column()), (ErrorKind::Decode, Some("label")));
    Ok(())
}

/// `?` is the placeholder on every engine; in texts, names and comments it is a question mark.
pub async fn placeholders_are_translated(db: &Db) -> Result<()> {
    let all = people(db).await?;
    let text = "SELECT id /* ? */, 'it''s ?' -- ?\n FROM users WHERE age >= ? AND name = ?";
    let row = sql(text).bind(all.ann.age).bind(all.ann.name.as_str()).rows::<(i64, String)>().get(db).await?;
    assert_eq!(row, (all.ann.id, "it's ?".to_owned()));
    Ok(())
}

/// Values go through binds only, whatever they hold.
pub async fn values_are_never_text(db: &Db) -> Result<()> {
    for name in ["'; DELETE FROM companies; --", "a\\'b", "\"?\"", "%_", "🦀"] {
        Company::create().name(name).save(db).await?;
        let row = Company::raw("SELECT * FROM companies WHERE name = ?").bind(name).get(db).await?;
        assert_eq!(row.name, name);
    }
    assert_eq!(Company::query().count(db).await?, 5);
    Ok(())
}

/// Too few values and too many are refused before anything is sent.
pub async fn wrong_number_of_values_is_refused(db: &Db) -> Result<()> {
    for raw in [sql("DELETE FROM companies WHERE id = ?"), sql("DELETE FROM companies WHERE id = ?").bind(1).bind(2)] {
        let error = raw.exec(db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("1 placeholder"), "{error}");
    }
    Ok(())
}

/// Several statements in one text are refused before anything is sent.
pub async fn several_statements_are_refused(db: &Db) -> Result<()> {
    Company::create().name("Acme").save(db).await?;
    let error = sql("SELECT 1; DELETE FROM companies").exec(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(Company::query().count(db).await?, 1);
    Ok(())
}

/// A statement that writes tells how many rows it changed, and takes part in transactions.
pub async fn statements_write(db: &Db) -> Result<()> {
    for name in ["a", "b", "c"] {
        Company::create().name(name).save(db).await?;
    }
    let tx = db.begin().await?;
    let changed = sql("UPDATE companies SET city = ? WHERE name <> ?").bind("Bern").bind("c").exec(&tx).await?;
    assert_eq!(changed, 2);
    assert_eq!(Company::filter(Company::city.eq("Bern")).count(&tx).await?, 2);
    tx.rollback().await?;
    assert_eq!(Company::filter(Company::city.eq("Bern")).count(db).await?, 0);
    assert_eq!(sql("DELETE FROM companies WHERE city IS NULL").exec(db).await?, 3);
    Ok(())
}

/// NULL, texts, numbers and bytes can be bound.
pub async fn values_of_every_sort_are_bound(db: &Db) -> Result<()> {
    let insert = sql("INSERT INTO samples (label, medium, big, text) VALUES (?, ?, ?, ?)");
    assert_eq!(insert.bind("x").bind(None::<i32>).bind(i64::MIN).bind(Some("t".to_owned())).exec(db).await?, 1);
    let row = Sample::query().get(db).await?;
    assert_eq!((row.label.as_str(), row.medium, row.big, row.text.as_deref()), ("x", None, Some(i64::MIN), Some("t")));
    Ok(())
}

/// Text that is no literal needs a word of the program.
pub async fn asserted_text_runs(db: &Db) -> Result<()> {
    Company::create().name("Acme").save(db).await?;
    let table = "companies";
    let count = sql(assert_safe(format!("SELECT COUNT(*) FROM {table}"))).rows::<(i64,)>().get(db).await?;
    assert_eq!(count, (1,));
    Ok(())
}

/// `get` promises one row.
pub async fn get_promises_one_row(db: &Db) -> Result<()> {
    let one = || Company::raw("SELECT * FROM companies");
    assert!(one().get(db).await.is_err_and(|error| error.is_not_found()));
    Company::create().name("a").save(db).await?;
    one().get(db).await?;
    Company::create().name("b").save(db).await?;
    assert!(one().get(db).await.is_err_and(|error| error.is_several_rows()));
    assert!(one().first(db).await?.is_some());
    Ok(())
}

/// A raw statement that the server refuses is an error with its text.
pub async fn refused_statement_shows_its_text(db: &Db) -> Result<()> {
    let error = sql("SELECT nothing FROM nowhere WHERE id = ?").bind(1_i64).exec(db).await.unwrap_err();
    assert!(error.statement().is_some_and(|text| text.contains("nowhere")));
    Ok(())
}

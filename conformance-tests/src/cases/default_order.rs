//! The order that a model gives to its rows.

use covet::{backend::Db, error::Result, prelude::*};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "ordered_notes", order_by(-stars, text))]
struct Note {
    id: i64,
    text: String,
    stars: Option<i32>,
}

async fn notes(db: &Db) -> Result<()> {
    db.drop_tables(models![Note]).await?;
    db.create_tables(models![Note]).await?;
    let note = |text: &str, stars: Option<i32>| Note::create().text(text).stars(stars).build();
    let rows = [note("none", None), note("b", Some(2)), note("low", Some(1)), note("a", Some(2))];
    assert_eq!(Note::bulk_create(rows).exec(db).await?, 4);
    Ok(())
}

fn texts(notes: &[Note]) -> Vec<&str> {
    notes.iter().map(|note| note.text.as_str()).collect()
}

/// Queries for rows that say nothing go by it, NULL smallest.
pub async fn rows_come_in_it(db: &Db) -> Result<()> {
    notes(db).await?;
    assert_eq!(texts(&Note::query().all(db).await?), ["a", "b", "low", "none"]);
    assert_eq!(Note::query().first(db).await?.map(|note| note.text), Some("a".to_owned()));
    let slice = Note::query().limit(2).offset(1);
    assert_eq!(texts(&slice.clone().all(db).await?), ["b", "low"]);
    let mut stream = Note::filter(Note::stars.is_not_null()).stream(db);
    let mut streamed = Vec::new();
    while let Some(note) = stream.next().await {
        streamed.push(note?.text);
    }
    assert_eq!(streamed, ["a", "b", "low"]);
    Ok(())
}

/// An order in the query takes its place, one of no terms too.
pub async fn explicit_order_replaces_it(db: &Db) -> Result<()> {
    notes(db).await?;
    assert_eq!(texts(&Note::query().order_by(Note::text.asc()).all(db).await?), ["a", "b", "low", "none"]);
    assert_eq!(texts(&Note::query().order_by(Note::id.asc()).all(db).await?), ["none", "b", "low", "a"]);
    assert_eq!(Note::query().order_by(Note::id.asc()).first(db).await?.map(|note| note.id), Some(1));
    let plain = |query: Query<Note>| query.to_sql(db.dialect()).map(|sql| sql.text.contains("ORDER BY"));
    assert_eq!((plain(Note::query())?, plain(Note::query().order_by(()))?), (true, false));
    assert_eq!(Note::query().order_by(()).all(db).await?.len(), 4);
    Ok(())
}

/// Updates and deletes of a slice take the rows that the slice shows.
pub async fn it_chooses_the_rows_of_a_slice(db: &Db) -> Result<()> {
    notes(db).await?;
    assert_eq!(Note::query().limit(1).update(Note::text.set("first")).exec(db).await?, 1);
    assert_eq!(Note::filter(Note::text.eq("first")).get(db).await?.id, 4);
    assert_eq!(Note::query().limit(2).count(db).await?, 2);
    assert_eq!(Note::query().limit(1).offset(3).get(db).await?.text, "none");
    assert_eq!(Note::query().limit(1).delete(db).await?, 1);
    assert_eq!(texts(&Note::query().all(db).await?), ["first", "low", "none"]);
    Ok(())
}

/// Nothing else has it: counts, tests, single rows, updates and deletes of whole queries.
pub async fn it_leaks_into_nothing_else(db: &Db) -> Result<()> {
    notes(db).await?;
    let dialect = db.dialect();
    let update = Note::filter(Note::stars.gt(1)).update(Note::text.set("x"));
    assert!(!update.to_sql(dialect)?.text.contains("ORDER BY"));
    assert!(!Note::find(1).to_sql(dialect)?.text.contains("ORDER BY"));
    assert_eq!(Note::query().count(db).await?, 4);
    assert!(Note::query().exists(db).await?);
    assert_eq!(Note::filter(Note::text.eq("low")).get(db).await?.id, 3);
    assert_eq!(update.exec(db).await?, 2);
    assert_eq!(Note::query().delete(db).await?, 4);
    Ok(())
}

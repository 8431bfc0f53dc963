//! Primary keys of several columns.

use covet::{backend::Db, error::Result, prelude::*};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "composite_orders")]
struct Order {
    id: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "composite_lines", primary_key(order, number))]
struct Line {
    text: String,
    number: i32,
    order: ForeignKey<Order>,
}

/// The order of the key is the struct's word, not that of the fields.
async fn lines(db: &Db) -> Result<(Order, Order)> {
    db.drop_tables(models![Order, Line]).await?;
    db.create_tables(models![Order, Line]).await?;
    let (one, two) = (Order::create().save(db).await?, Order::create().save(db).await?);
    let line = |order: &Order, number: i32, text: &str| Line::create().order(order).number(number).text(text).build();
    let rows = [line(&one, 1, "a"), line(&one, 2, "b"), line(&two, 1, "c"), line(&two, 2, "d")];
    assert_eq!(Line::bulk_create(rows).exec(db).await?, 4);
    Ok((one, two))
}

fn key(order: &Order, number: i32) -> (ForeignKey<Order>, i32) {
    (ForeignKey::from(order), number)
}

/// `find` takes the columns of the key as a tuple, or a row.
pub async fn a_row_is_found_by_all_columns(db: &Db) -> Result<()> {
    let (one, two) = lines(db).await?;
    let line = Line::find(key(&two, 1)).get(db).await?;
    assert_eq!((line.text.as_str(), line.key()), ("c", key(&two, 1)));
    assert_eq!(Line::find(&line).get(db).await?, line);
    assert_eq!(Line::find(key(&one, 2)).filter(Line::text.eq("b")).count(db).await?, 1);
    assert_eq!(Line::find(key(&one, 2)).filter(Line::text.eq("d")).count(db).await?, 0);
    assert!(Line::find(key(&one, 3)).get(db).await.is_err_and(|error| error.is_not_found()));
    let stored = Line::create().order(&one).number(9).text("z").save(db).await?;
    assert_eq!(Line::find(&stored).get(db).await?, stored);
    Ok(())
}

/// A second row with all columns equal is a violation that names them; one equal column is none.
pub async fn all_columns_together_are_unique(db: &Db) -> Result<()> {
    let (one, _) = lines(db).await?;
    let error = Line::create().order(&one).number(2).text("again").save(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!(error.table(), Some("composite_lines"));
    assert_eq!(error.columns(), ["order_id", "number"], "{error:?}");
    Line::create().order(&one).number(3).text("new").save(db).await?;
    Ok(())
}

/// Slices, updates and deletes of slices, and the order of `first` go by the whole key.
pub async fn slices_go_by_the_whole_key(db: &Db) -> Result<()> {
    let (one, two) = lines(db).await?;
    assert_eq!(Line::query().first(db).await?.map(|line| line.text), Some("a".to_owned()));
    let last = Line::query().order_by((Line::order_id.desc(), Line::number.desc())).limit(1);
    assert_eq!(last.clone().count(db).await?, 1);
    assert_eq!(last.clone().update(Line::text.set("last")).exec(db).await?, 1);
    assert_eq!(Line::find(key(&two, 2)).get(db).await?.text, "last");
    assert_eq!(Line::filter(Line::text.eq("last")).count(db).await?, 1);
    assert_eq!(last.delete(db).await?, 1);
    assert_eq!(Line::find(key(&one, 1)).delete(db).await?, 1);
    let left = Line::query().order_by((Line::order_id.asc(), Line::number.asc())).all(db).await?;
    assert_eq!(left.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    Ok(())
}

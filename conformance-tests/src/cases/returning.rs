//! `update(..).returning`, `delete_returning`, `in_bulk`.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "returning_cells", primary_key(x, y))]
struct Cell {
    x: i32,
    y: i32,
    text: String,
}

async fn cells(db: &Db) -> Result<()> {
    db.drop_tables(models![Cell]).await?;
    db.create_tables(models![Cell]).await?;
    let rows = (0..400).map(|n| Cell::create().x(n / 20).y(n % 20).text("old").build());
    Cell::bulk_create(rows).exec(db).await.map(drop)
}

/// The changed rows come back as they are stored, also those of a slice and those found over a relation.
pub async fn changed_rows_come_back(db: &Db) -> Result<()> {
    posts(db).await?;
    let sorted = |mut rows: Vec<Post>| {
        rows.sort_by_key(|post| post.id);
        rows
    };
    let changed = Post::filter(Post::views.gt(10)).update(Post::views.set(Post::views + 1)).returning(db).await?;
    assert_eq!(changed.iter().map(|post| post.views).sum::<i32>(), 41 + 18 + 101);
    assert_eq!(sorted(changed), Post::filter(Post::views.gt(10)).order_by(Post::id.asc()).all(db).await?);
    // The rows no longer meet the condition by which they were chosen.
    let moved = Post::filter(Post::author.name.eq("Ann") & Post::views.lt(10)).update(Post::views.set(1_000));
    let moved = moved.returning(db).await?;
    assert_eq!((titles(&moved), moved[0].views), (vec!["Alpha"], 1_000));
    let last = Post::query().order_by(Post::title.desc()).limit(1).update(Post::body.set("last")).returning(db).await?;
    assert_eq!((titles(&last), last[0].body.as_deref()), (vec!["Gamma"], Some("last")));
    let none = Post::filter(Post::views.lt(0)).update(Post::views.set(0)).returning(db).await?;
    assert_eq!(none, []);
    Ok(())
}

/// The removed rows come back as they were, and are gone.
pub async fn removed_rows_come_back(db: &Db) -> Result<()> {
    posts(db).await?;
    let before = Post::filter(Post::author.name.eq("Ann")).order_by(Post::id.asc()).all(db).await?;
    let mut removed = Post::filter(Post::author.name.eq("Ann")).delete_returning(db).await?;
    removed.sort_by_key(|post| post.id);
    assert_eq!(removed, before);
    assert_eq!(Post::query().count(db).await?, 2);
    let one = Post::query().order_by(Post::views.desc()).limit(1).delete_returning(db).await?;
    assert_eq!(titles(&one), ["Delta"]);
    let tx = db.begin().await?;
    assert_eq!(Post::query().delete_returning(&tx).await?.len(), 1);
    tx.rollback().await?;
    assert_eq!(Post::query().count(db).await?, 1);
    Ok(())
}

/// The same for keys of several columns, of more rows than one statement takes.
pub async fn rows_of_composite_keys_come_back(db: &Db) -> Result<()> {
    cells(db).await?;
    let changed = Cell::filter(Cell::x.lt(15)).update(Cell::text.set("new")).returning(db).await?;
    assert_eq!(changed.len(), 300);
    assert!(changed.iter().all(|cell| cell.text == "new" && cell.x < 15));
    assert_eq!(Cell::filter(Cell::text.eq("new")).count(db).await?, 300);
    let removed = Cell::filter(Cell::text.eq("new") & Cell::y.ne(0)).delete_returning(db).await?;
    assert_eq!((removed.len(), Cell::query().count(db).await?), (285, 115));
    let keys = (0..20).flat_map(|x| [(x, 0), (x, 1), (x, 99)]);
    let found = Cell::in_bulk(keys).all(db).await?;
    assert_eq!(found.len(), 25);
    assert!(found.iter().all(|(key, cell)| *key == (cell.x, cell.y)));
    let many = Cell::in_bulk((0..20).flat_map(|x| (0..20).map(move |y| (x, y)))).all(db).await?;
    assert_eq!(many.len(), 115);
    Ok(())
}

/// Rows by their keys, as a map; keys without a row have no entry, and one that is given twice has one.
pub async fn rows_are_found_by_many_keys(db: &Db) -> Result<()> {
    let People { ann, bob, eve, .. } = people(db).await?;
    let found = User::in_bulk([ann.id, eve.id, ann.id, -1]).all(db).await?;
    assert_eq!(found.len(), 2);
    assert_eq!((found.get(&ann.id), found.get(&eve.id), found.get(&bob.id)), (Some(&ann), Some(&eve), None));
    assert_eq!(User::in_bulk([&bob]).all(db).await?.get(&bob.id), Some(&bob));
    assert!(User::in_bulk(Vec::<i64>::new()).all(db).await?.is_empty());
    let many = User::in_bulk(-5_000..=eve.id).all(db).await?;
    assert_eq!(many.len(), 3);
    let countries = ["AT", "IE"].map(|code| Country::create().code(code).name(code).build());
    Country::bulk_create(countries).exec(db).await?;
    assert_eq!(Country::in_bulk(["IE", "XX"]).all(db).await?.keys().collect::<Vec<_>>(), ["IE"]);
    Ok(())
}

//! Relations of rows in hand.

use super::load_values::{Offer, Shop};
use crate::models::blog::*;
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    query::load_into,
    test::assert_queries,
};
use rust_decimal::Decimal;
use uuid::Uuid;

async fn articles(db: &Db) -> Result<Vec<Article>> {
    Article::query().order_by(Article::title.asc()).all(db).await
}

/// Related rows of rows in hand: one statement for all of them, and one for each level.
pub async fn rows_in_hand_get_related_rows(db: &Db) -> Result<()> {
    blog(db).await?;
    let mut rows = articles(db).await?;
    rows.push(rows[0].clone());
    let rows = assert_queries!(1, load_into(db, rows, Article::comments.order_by(Comment::id.asc())).await?);
    let tags = Article::tags.filter(Tag::label.ne("art")).with(Tag::articles).order_by(Tag::label.desc()).limit(1);
    let rows = assert_queries!(2, load_into(db, rows, tags).await?);
    let found: Vec<_> = rows.iter().map(|row| (row.comments.len(), row.tags.iter().map(|tag| &*tag.label))).collect();
    let found: Vec<(usize, Vec<&str>)> = found.into_iter().map(|(count, labels)| (count, labels.collect())).collect();
    let alpha = (2, vec!["sql"]);
    assert_eq!(found, [alpha.clone(), (1, vec!["rust"]), (2, vec!["sql"]), (0, vec![]), alpha]);
    assert_eq!(rows[1].tags[0].articles.len(), 2);
    let none: Vec<Article> = Vec::new();
    assert!(assert_queries!(0, load_into(db, none, Article::tags).await?).is_empty());
    drop(db).await
}

/// The related row of rows in hand: by the key that they have now, shared by rows with the same.
pub async fn rows_in_hand_get_their_related_row(db: &Db) -> Result<()> {
    let Blog { bob, .. } = blog(db).await?;
    let mut rows = articles(db).await?;
    rows[0].writer = ForeignKey::from(&bob);
    let rows = assert_queries!(1, load_into(db, rows, Article::writer.with(Writer::profile)).await?);
    let rows = assert_queries!(1, load_into(db, rows, Article::editor.select(Writer::name)).await?);
    let found: Vec<_> = rows.iter().map(|row| (row.writer.name.as_str(), row.editor.as_deref())).collect();
    assert_eq!(found, [("Bob", None), ("Ann", Some("Bob")), ("Ann", Some("Eve")), ("Bob", Some("Eve"))]);
    assert_eq!(rows[3].writer.profile.as_ref().map(|profile| profile.bio.as_str()), Some("reads much"));
    let writers = Writer::query().order_by(Writer::name.asc()).all(db).await?;
    let writers = assert_queries!(1, load_into(db, writers, Writer::profile).await?);
    assert_eq!(writers.iter().map(|one| one.profile.is_some()).collect::<Vec<_>>(), [true, true, false]);
    let mut lost = articles(db).await?;
    lost[0].writer = ForeignKey::new(1_000_000);
    let error = load_into(db, lost, Article::writer).await.err();
    assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::Decode));
    drop(db).await
}

/// What is loaded already is loaded anew; when that fails, it stays.
pub async fn loaded_rows_are_read_anew(db: &Db) -> Result<()> {
    let Blog { alpha, sql, .. } = blog(db).await?;
    let query = Article::query().with(Article::tags).with(Article::comments.count()).order_by(Article::title.asc());
    let mut rows = query.all(db).await?;
    Article::tags.of(&alpha).set([&sql]).exec(db).await?;
    Comment::create().text("new").article(&alpha).save(db).await?;
    assert_queries!(1, load_into(db, &mut rows, Article::tags).await?);
    assert_queries!(1, load_into(db, &mut rows, Article::comments.count()).await?);
    let found: Vec<_> = rows.iter().map(|row| (row.tags.len(), row.comments)).collect();
    assert_eq!(found, [(1, 3), (1, 1), (2, 2), (0, 0)]);
    drop(db).await?;
    assert!(load_into(db, &mut rows, Article::tags).await.is_err());
    assert_eq!(rows.iter().map(|row| row.tags.len()).collect::<Vec<_>>(), [1, 1, 2, 0]);
    Ok(())
}

/// A row in hand is not hidden, whatever scopes say; what is related to it may be.
pub async fn scopes_hold_for_rows_in_hand(db: &Db) -> Result<()> {
    let models = models![Shop, Offer];
    db.drop_tables(models).await?;
    db.create_tables(models).await?;
    let open = Shop::create().name("open").save(db).await?;
    let shut = Shop::create().name("shut").save(db).await?;
    for shop in [&open, &open, &shut] {
        Offer::create().price(Decimal::ONE).code(Uuid::nil()).shop(shop).save(db).await?;
    }
    Offer::query().order_by(Offer::id.asc()).limit(1).delete(db).await?;
    Shop::find(shut.id).delete(db).await?;
    let shops = load_into(db, vec![open, shut], Shop::offers.count()).await?;
    assert_eq!(shops.iter().map(|shop| shop.offers).collect::<Vec<_>>(), [1, 1]);
    let offers = Offer::query().order_by(Offer::id.asc()).all(db).await?;
    let offers = load_into(db, offers, Offer::shop).await?;
    let names: Vec<_> = offers.iter().map(|offer| offer.shop.as_ref().map(|shop| shop.name.as_str())).collect();
    assert_eq!(names, [Some("open"), None]);
    db.drop_tables(models).await
}

/// Thousands of rows are one statement, too.
pub async fn many_rows_in_hand(db: &Db) -> Result<()> {
    let Blog { ann, .. } = blog(db).await?;
    let new = (0..2_500).map(|n| Article::create().title(format!("n {n}")).views(n).writer(&ann).build());
    Article::bulk_create(new).exec(db).await?;
    let rows = Article::filter(Article::title.starts_with("n ")).order_by(Article::views.asc()).all(db).await?;
    let comments = rows.iter().step_by(5).map(|row| Comment::create().text("c").article(row.id).build());
    Comment::bulk_create(comments).exec(db).await?;
    let rows = assert_queries!(1, load_into(db, rows, Article::comments).await?);
    let rows = assert_queries!(1, load_into(db, rows, Article::writer).await?);
    assert!(rows.iter().enumerate().all(|(n, row)| row.comments.len() == usize::from(n % 5 == 0)));
    assert!(rows.len() == 2_500 && rows.iter().all(|row| row.writer == ann));
    drop(db).await
}

//! The related rows of a row in hand, and the links of a many-to-many relation.

use crate::models::blog::*;
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    test::assert_queries,
};

async fn labels(db: &Db, article: &Article) -> Result<String> {
    let tags = Article::tags.of(article).order_by(Tag::label.asc()).all(db).await?;
    Ok(tags.into_iter().map(|tag| tag.label).collect::<Vec<_>>().join(" "))
}

/// `of` is a query of the related rows, to be refined as any other.
pub async fn related_rows_of_a_row(db: &Db) -> Result<()> {
    let Blog { ann, bob, eve, alpha, .. } = blog(db).await?;
    assert_eq!(Writer::articles.of(&ann).count(db).await?, 3);
    assert!(!Writer::articles.of(&eve).exists(db).await?);
    let most = Writer::articles.of(&ann).filter(Article::views.gt(5)).order_by(Article::title.desc());
    let most = assert_queries!(1, most.all(db).await?);
    assert_eq!(most.iter().map(|article| article.title.as_str()).collect::<Vec<_>>(), ["Delta", "Beta"]);
    let page = Writer::articles.of(&ann).order_by(Article::title.asc()).with(Article::tags).limit(1);
    let page = assert_queries!(2, page.all(db).await?);
    assert_eq!((page.len(), page[0].tags.len()), (1, 2));
    let changed = assert_queries!(1, Writer::articles.of(&bob).update(Article::views.set(1)).exec(db).await?);
    assert_eq!((changed, Article::filter(Article::views.eq(1)).count(db).await?), (1, 1));
    assert_eq!(labels(db, &alpha).await?, "rust sql");
    let readers = Article::readers.of(&alpha).exclude(Writer::name.eq("Eve")).get(db).await?;
    assert_eq!(readers.name, "Bob");
    drop(db).await
}

/// The row that a foreign key points at, and the one that points back.
pub async fn related_row_of_a_row(db: &Db) -> Result<()> {
    let Blog { ann, eve, alpha, beta, .. } = blog(db).await?;
    assert_eq!(assert_queries!(1, Article::writer.of(&alpha).get(db).await?), ann);
    assert_eq!(assert_queries!(1, Article::editor.of(&alpha).first(db).await?), None);
    assert_eq!(Article::editor.of(&beta).first(db).await?.map(|writer| writer.name), Some("Bob".to_owned()));
    assert_eq!(Writer::profile.of(&ann).get(db).await?.bio, "writes much");
    let missing = Writer::profile.of(&eve).get(db).await.err();
    assert!(missing.is_some_and(|error| error.kind() == ErrorKind::NotFound));
    drop(db).await
}

/// `add` links rows, given as rows or keys; a link that exists stays.
pub async fn adding_links_twice_is_one_link(db: &Db) -> Result<()> {
    let Blog { gamma, rust, sql, art, .. } = blog(db).await?;
    let tags = || Article::tags.of(&gamma);
    assert_queries!(1, tags().add([&rust, &sql]).exec(db).await?);
    assert_queries!(1, tags().add([&rust, &rust, &sql]).exec(db).await?);
    tags().add([art.id]).exec(db).await?;
    assert_eq!((labels(db, &gamma).await?.as_str(), tags().count(db).await?), ("art rust sql", 3));
    Tag::articles.of(&rust).remove([&gamma]).exec(db).await?;
    assert_eq!(labels(db, &gamma).await?, "art sql");
    let nowhere = tags().add([4711]).exec(db).await.err();
    assert!(nowhere.is_some_and(|error| error.is_foreign_key_violation()));
    assert_eq!(labels(db, &gamma).await?, "art sql");
    drop(db).await
}

/// `remove`, `clear` and `contains`; what is not linked is no error.
pub async fn removing_what_is_not_linked_is_no_error(db: &Db) -> Result<()> {
    let Blog { alpha, rust, sql, art, .. } = blog(db).await?;
    let tags = || Article::tags.of(&alpha);
    assert_eq!(assert_queries!(1, tags().remove([&rust, &art]).exec(db).await?), 1);
    assert_eq!(labels(db, &alpha).await?, "sql");
    assert!(assert_queries!(2, tags().contains(&sql, db).await? && !tags().contains(&rust, db).await?));
    assert_eq!(assert_queries!(0, tags().remove::<&Tag>([]).exec(db).await?), 0);
    assert_eq!((tags().clear().exec(db).await?, tags().clear().exec(db).await?), (1, 0));
    assert_eq!((labels(db, &alpha).await?.as_str(), Article::tags.of(&alpha).exists(db).await?), ("", false));
    assert_eq!(Tag::articles.of(&rust).count(db).await?, 1);
    drop(db).await
}

/// `set` leaves exactly the given links, `toggle` turns each of them over.
pub async fn setting_and_toggling_links(db: &Db) -> Result<()> {
    let Blog { alpha, rust, sql, art, .. } = blog(db).await?;
    let tags = || Article::tags.of(&alpha);
    // What is linked, what goes, what comes.
    assert_eq!(assert_queries!(3, tags().set([&sql, &art, &art]).exec(db).await?), 2);
    assert_eq!(labels(db, &alpha).await?, "art sql");
    assert_eq!(assert_queries!(1, tags().set([&sql, &art]).exec(db).await?), 0);
    assert_queries!(3, tags().toggle([&rust, &sql]).exec(db).await?);
    assert_eq!(labels(db, &alpha).await?, "art rust");
    assert_queries!(2, tags().set::<&Tag>([]).exec(db).await?);
    assert_eq!(labels(db, &alpha).await?, "");
    drop(db).await
}

/// Links are changed inside a transaction, and taken back with it.
pub async fn links_are_part_of_the_transaction(db: &Db) -> Result<()> {
    let Blog { alpha, art, .. } = blog(db).await?;
    let tx = db.begin().await?;
    Article::tags.of(&alpha).set([&art]).exec(&tx).await?;
    tx.rollback().await?;
    assert_eq!(labels(db, &alpha).await?, "rust sql");
    drop(db).await
}

/// A join table with columns of its own is a model to be created; its links can be removed.
pub async fn links_with_columns_are_created_as_rows(db: &Db) -> Result<()> {
    let Blog { ann, alpha, .. } = blog(db).await?;
    let refused = Article::readers.of(&alpha).add([&ann]).exec(db).await.err();
    assert!(refused.is_some_and(|error| error.kind() == ErrorKind::Configuration));
    assert_eq!(Article::readers.of(&alpha).clear().exec(db).await?, 2);
    drop(db).await
}

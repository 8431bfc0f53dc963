//! Loading where something is empty, NULL, doubled, its own, or at the end of a chunk.

use crate::models::{Egg, Hen, blog::*};
use covet::{backend::Db, error::Result, prelude::*, test::assert_queries};

fn titles(articles: &[Article]) -> Vec<&str> {
    articles.iter().map(|article| article.title.as_str()).collect()
}

/// Two ways to the same rows: each has them whole, by one statement for each relation of each way.
pub async fn two_ways_to_one_row_load(db: &Db) -> Result<()> {
    blog(db).await?;
    let by_title = || Article::title.asc();
    let writer = || Writer::articles.with(Article::tags.order_by(Tag::label.asc())).order_by(by_title());
    let edited = || Writer::edited.with(Article::tags.order_by(Tag::label.asc())).order_by(by_title());
    let writers = Writer::query().with(writer()).with(edited()).order_by(Writer::name.asc());
    let writers = assert_queries!(5, writers.all(db).await?);
    let tags: Vec<Vec<usize>> =
        writers.iter().map(|writer| writer.articles.iter().map(|article| article.tags.len()).collect()).collect();
    assert_eq!(tags, [vec![2, 1, 2], vec![0], vec![]]);
    // Delta is Ann's, and Eve edits it.
    assert_eq!(writers[0].articles[2].tags, writers[2].edited[0].tags);
    let articles = Article::query().with(Article::writer.with(writer())).with(Article::editor.with(writer()));
    let articles = assert_queries!(5, articles.order_by(by_title()).all(db).await?);
    let found: Vec<_> = articles
        .iter()
        .map(|article| (article.writer.articles.len(), article.editor.as_ref().map(|editor| editor.articles.len())))
        .collect();
    assert_eq!(found, [(3, None), (3, Some(1)), (3, Some(0)), (1, Some(0))]);
    drop(db).await
}

/// Two relations to one model, both loaded, in one statement or in one more each.
pub async fn two_relations_to_one_model_load(db: &Db) -> Result<()> {
    blog(db).await?;
    let articles = Article::query().with(Article::editor).with(Article::writer).order_by(Article::title.asc());
    let articles = assert_queries!(1, articles.all(db).await?);
    let found: Vec<_> = articles
        .iter()
        .map(|article| (article.writer.name.as_str(), article.editor.as_ref().map(|editor| editor.name.as_str())))
        .collect();
    assert_eq!(found, [("Ann", None), ("Ann", Some("Bob")), ("Ann", Some("Eve")), ("Bob", Some("Eve"))]);
    let (written, edited) = (Writer::articles.order_by(Article::title.asc()), Writer::edited);
    let writers = Writer::query().with(edited.order_by(Article::title.asc())).with(written);
    let writers = assert_queries!(3, writers.order_by(Writer::name.asc()).all(db).await?);
    let found: Vec<_> = writers.iter().map(|writer| (titles(&writer.articles), titles(&writer.edited))).collect();
    assert_eq!(found[0], (vec!["Alpha", "Beta", "Delta"], vec![]));
    assert_eq!(found[1..], [(vec!["Gamma"], vec!["Beta"]), (vec![], vec!["Delta", "Gamma"])]);
    drop(db).await
}

/// No rows, no related rows, no rows of these: what has no keys is not asked.
pub async fn empty_sides_send_nothing(db: &Db) -> Result<()> {
    blog(db).await?;
    let deep = || Writer::articles.with(Article::comments.with(Comment::writer.with(Writer::read))).with(Article::tags);
    let nobody = Writer::filter(Writer::name.eq("nobody")).with(deep());
    assert!(assert_queries!(1, nobody.all(db).await?).is_empty());
    let eve = assert_queries!(2, Writer::filter(Writer::name.eq("Eve")).with(deep()).get(db).await?);
    assert!(eve.articles.is_empty());
    // Gamma has no comments, so nobody's readings are asked.
    let bob = assert_queries!(4, Writer::filter(Writer::name.eq("Bob")).with(deep()).get(db).await?);
    assert!(bob.articles[0].comments.is_empty() && bob.articles[0].tags.is_empty());
    Comment::query().delete(db).await?;
    let all = assert_queries!(2, Article::query().with(Article::comments).all(db).await?);
    assert!(all.len() == 4 && all.iter().all(|article| article.comments.is_empty()));
    create(db).await?;
    assert!(assert_queries!(1, Writer::query().with(deep()).all(db).await?).is_empty());
    assert!(assert_queries!(1, Writer::query().with(deep()).first(db).await?).is_none());
    drop(db).await
}

/// A row whose foreign key is NULL has no related row, and is nobody's related row.
pub async fn null_keys_lead_nowhere(db: &Db) -> Result<()> {
    blog(db).await?;
    let nameless = Comment::filter(Comment::writer_id.is_null()).with(Comment::writer.with(Writer::articles));
    let nameless = assert_queries!(1, nameless.all(db).await?);
    assert!(nameless.len() == 1 && nameless[0].writer.is_none());
    let comments = Comment::query().with(Comment::writer.with(Writer::articles)).order_by(Comment::id.asc());
    let comments = assert_queries!(2, comments.all(db).await?);
    let found: Vec<_> =
        comments.iter().map(|comment| comment.writer.as_ref().map(|writer| writer.articles.len())).collect();
    assert_eq!(found, [Some(1), None, Some(0), Some(1), Some(1)]);
    let pupils = assert_queries!(2, Writer::query().with(Writer::pupils).order_by(Writer::name.asc()).all(db).await?);
    assert_eq!(pupils.iter().map(|writer| writer.pupils.len()).collect::<Vec<_>>(), [1, 1, 0]);
    drop(db).await
}

/// A related row of several rows stands whole with each, and what is loaded of it too.
pub async fn shared_rows_stand_with_each(db: &Db) -> Result<()> {
    blog(db).await?;
    let comments = Comment::query().with(Comment::article.with(Article::tags.order_by(Tag::label.asc())));
    let comments = assert_queries!(2, comments.order_by(Comment::id.asc()).all(db).await?);
    let found: Vec<usize> = comments.iter().map(|comment| comment.article.tags.len()).collect();
    assert_eq!(found, [2, 2, 1, 2, 2]);
    assert_eq!(comments[0].article.tags, comments[1].article.tags);
    let tags = || Article::tags.with(Tag::articles.order_by(Article::title.asc())).order_by(Tag::label.asc());
    let articles = assert_queries!(3, Article::query().with(tags()).order_by(Article::title.asc()).all(db).await?);
    assert_eq!(titles(&articles[0].tags[0].articles), ["Alpha", "Beta"]);
    assert_eq!(titles(&articles[1].tags[0].articles), ["Alpha", "Beta"]);
    assert_eq!(titles(&articles[2].tags[1].articles), ["Alpha", "Delta"]);
    drop(db).await
}

/// A row that is related to itself, and rows in a circle.
pub async fn rows_related_to_themselves_load(db: &Db) -> Result<()> {
    let Blog { ann, bob, .. } = blog(db).await?;
    Writer::find(&ann).update(Writer::mentor_id.set(&ann)).exec(db).await?;
    Writer::follows.of(&ann).add([&ann, &bob]).exec(db).await?;
    let levels = Writer::pupils.with(Writer::pupils.with(Writer::pupils).order_by(Writer::name.asc()));
    let query = Writer::filter(Writer::name.eq("Ann")).with(Writer::mentor);
    let query = query.with(levels.order_by(Writer::name.asc())).with(Writer::follows.order_by(Writer::name.asc()));
    let found = assert_queries!(5, query.get(db).await?);
    assert_eq!(found.mentor.as_ref().map(|mentor| mentor.id), Some(ann.id));
    assert_eq!(found.follows.iter().map(|writer| writer.name.as_str()).collect::<Vec<_>>(), ["Ann", "Bob"]);
    let names: Vec<_> = found.pupils.iter().map(|pupil| (pupil.name.as_str(), pupil.pupils.len())).collect();
    assert_eq!(names, [("Ann", 2), ("Bob", 1)]);
    assert_eq!(found.pupils[0].pupils[1].pupils.len(), 1);

    let hen = Hen::create().save(db).await?;
    let egg = Egg::create().hen(&hen).save(db).await?;
    Hen::find(&hen).update(Hen::egg_id.set(&egg)).exec(db).await?;
    let circle = Hen::query().with(Hen::egg.with(Egg::hen.with(Hen::egg)));
    let found = assert_queries!(1, circle.get(db).await?);
    let inner = found.egg.and_then(|egg| egg.hen).map(|inner| (inner.id, inner.egg.map(|egg| egg.id)));
    assert_eq!(inner, Some((hen.id, Some(egg.id))));
    drop(db).await
}

/// 500 links go in one statement, one more in another; all of them are loaded, compared and removed.
pub async fn links_at_the_ends_of_chunks(db: &Db) -> Result<()> {
    let Blog { gamma, .. } = blog(db).await?;
    Tag::bulk_create((0..1_001).map(|n| Tag::create().label(format!("n {n}")).build())).exec(db).await?;
    let all = Tag::filter(Tag::label.starts_with("n ")).order_by(Tag::id.asc()).all(db).await?;
    let tags = || Article::tags.of(&gamma);
    for (count, statements) in [(499, 1), (500, 1), (501, 2), (1_000, 2), (1_001, 3)] {
        assert_queries!(1, tags().clear().exec(db).await?);
        assert_queries!(statements, tags().add(&all[..count]).exec(db).await?);
        let found = Article::find(&gamma).with(Article::tags.order_by(Tag::id.asc()));
        assert_eq!(assert_queries!(2, found.get(db).await?).tags, all[..count]);
        // Nothing is missing, nothing too much.
        assert_eq!(assert_queries!(1, tags().set(&all[..count]).exec(db).await?), 0);
    }
    assert_eq!(assert_queries!(2, tags().set(&all[1_000..]).exec(db).await?), 1_000);
    assert_eq!(assert_queries!(1, tags().get(db).await?), all[1_000]);
    drop(db).await
}

/// Every row gets its own, whatever the number of rows at which an engine sends keys otherwise.
pub async fn rows_at_the_ends_of_lists(db: &Db) -> Result<()> {
    let Blog { ann, .. } = blog(db).await?;
    let rows = (0..1_025).map(|n| Article::create().title(format!("n {n}")).views(n).writer(&ann).build());
    Article::bulk_create(rows).exec(db).await?;
    let all = || Article::filter(Article::title.starts_with("n ")).order_by(Article::views.asc());
    let ids: Vec<i64> = all().all(db).await?.iter().map(|article| article.id).collect();
    Comment::bulk_create(ids.iter().map(|id| Comment::create().text(format!("of {id}")).article(*id).build()))
        .exec(db)
        .await?;
    for count in [1, 2, 255, 256, 257, 999, 1_000, 1_001, 1_024, 1_025] {
        let articles = assert_queries!(2, all().limit(count).with(Article::comments).all(db).await?);
        assert_eq!(articles.len() as u64, count);
        assert!(articles.iter().all(|article| {
            article.comments.len() == 1 && article.comments[0].text == format!("of {}", article.id)
        }));
    }
    drop(db).await
}

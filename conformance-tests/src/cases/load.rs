//! Related rows that come with the rows of a query.

use crate::models::blog::*;
use covet::{backend::Db, error::Result, prelude::*, test::assert_queries};

fn labels(tags: &[Tag]) -> Vec<&str> {
    tags.iter().map(|tag| tag.label.as_str()).collect()
}

fn texts(comments: &[Comment]) -> Vec<&str> {
    comments.iter().map(|comment| comment.text.as_str()).collect()
}

/// A foreign key becomes the row it points at; a nullable one an `Option` of it.
pub async fn related_row_comes_with_its_row(db: &Db) -> Result<()> {
    let Blog { ann, bob, eve, .. } = blog(db).await?;
    let query = Article::query().with(Article::writer).with(Article::editor).order_by(Article::title.asc());
    let articles = assert_queries!(1, query.all(db).await?);
    let writers: Vec<_> = articles.iter().map(|article| article.writer.name.as_str()).collect();
    assert_eq!(writers, ["Ann", "Ann", "Ann", "Bob"]);
    assert_eq!((articles[0].title.as_str(), &articles[0].writer), ("Alpha", &ann));
    assert_eq!(articles[0].editor, None);
    assert_eq!(articles[1].editor.as_ref(), Some(&bob));
    assert_eq!(articles[2].editor.as_ref(), Some(&eve));
    // What is not loaded is the key.
    let one = Article::query().with(Article::editor).order_by(Article::id.asc());
    let one = assert_queries!(1, one.first(db).await?);
    assert_eq!(one.map(|article| *article.writer.key()), Some(ann.id));
    drop(db).await
}

/// The order of `.with` does not matter, and the fields can be moved out.
pub async fn loads_in_any_order(db: &Db) -> Result<()> {
    blog(db).await?;
    let one = Article::query().with(Article::tags).with(Article::writer).order_by(Article::id.asc());
    let one = assert_queries!(2, one.all(db).await?);
    let other = Article::query().with(Article::writer).with(Article::tags).order_by(Article::id.asc());
    let other = assert_queries!(2, other.all(db).await?);
    fn shown(article: &ArticleWith<Writer, ForeignKeyOrNone, covet::query::NotLoaded, Vec<Tag>>) -> String {
        format!("{} {} {}", article.title, article.writer.name, article.tags.len())
    }
    type ForeignKeyOrNone = Option<ForeignKey<Writer>>;
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(shown(one), shown(other));
    }
    let first = one.into_iter().next();
    let (writer, tags) = first.map(|article| (article.writer, article.tags)).unzip();
    assert_eq!(
        (writer.map(|writer: Writer| writer.name), tags.map(|tags| tags.len())),
        (Some("Ann".to_owned()), Some(2))
    );
    drop(db).await
}

/// Rows of a to-many relation, none for a row without any.
pub async fn related_rows_come_with_their_row(db: &Db) -> Result<()> {
    blog(db).await?;
    let query = Article::query().with(Article::comments.order_by(Comment::id.asc())).order_by(Article::title.asc());
    let articles = assert_queries!(2, query.all(db).await?);
    let found: Vec<_> = articles.iter().map(|article| texts(&article.comments)).collect();
    assert_eq!(found, [vec!["fine", "late"], vec!["bad"], vec!["good", "great"], vec![]]);
    drop(db).await
}

/// Over join tables, from both sides, made by covet or models.
pub async fn many_to_many_loads_both_ways(db: &Db) -> Result<()> {
    blog(db).await?;
    let query = Article::query().with(Article::tags.order_by(Tag::label.asc())).order_by(Article::title.asc());
    let articles = assert_queries!(2, query.all(db).await?);
    let found: Vec<_> = articles.iter().map(|article| labels(&article.tags)).collect();
    assert_eq!(found, [vec!["rust", "sql"], vec!["rust"], vec!["art", "sql"], vec![]]);
    let tags = Tag::query().with(Tag::articles.order_by(Article::title.desc())).order_by(Tag::label.asc());
    let tags = assert_queries!(2, tags.all(db).await?);
    let found: Vec<Vec<&str>> =
        tags.iter().map(|tag| tag.articles.iter().map(|article| article.title.as_str()).collect()).collect();
    assert_eq!(found, [vec!["Delta"], vec!["Beta", "Alpha"], vec!["Delta", "Alpha"]]);
    let readers = Article::query().with(Article::readers.order_by(Writer::name.asc())).order_by(Article::title.asc());
    let readers = assert_queries!(2, readers.all(db).await?);
    let found: Vec<usize> = readers.iter().map(|article| article.readers.len()).collect();
    assert_eq!((found, readers[0].readers[1].name.as_str()), (vec![2, 0, 0, 1], "Eve"));
    drop(db).await
}

/// A one-to-one relation, from the side that has no key.
pub async fn one_to_one_loads_both_ways(db: &Db) -> Result<()> {
    blog(db).await?;
    let writers = Writer::query().with(Writer::profile).order_by(Writer::name.asc());
    let writers = assert_queries!(1, writers.all(db).await?);
    let found: Vec<_> = writers.iter().map(|writer| writer.profile.as_ref().map(|profile| &*profile.bio)).collect();
    assert_eq!(found, [Some("writes much"), Some("reads much"), None]);
    let profile = Profile::filter(Profile::bio.contains("reads")).with(Profile::writer);
    let profile = assert_queries!(1, profile.get(db).await?);
    assert_eq!(profile.writer.name, "Bob");
    drop(db).await
}

/// Relations of related rows, as deep as wanted; each level is one statement for all of its rows.
pub async fn loads_nest(db: &Db) -> Result<()> {
    blog(db).await?;
    let comments = || Article::comments.with(Comment::writer.with(Writer::profile)).order_by(Comment::id.asc());
    let query = Writer::query()
        .with(Writer::articles.with(comments()).with(Article::tags).order_by(Article::title.asc()))
        .with(Writer::mentor.with(Writer::articles));
    // The writers with their mentors, their articles, the comments and the tags of these, the articles of mentors.
    let writers = assert_queries!(5, query.order_by(Writer::name.asc()).all(db).await?);
    let ann = &writers[0];
    assert_eq!((ann.name.as_str(), ann.articles.len(), &ann.mentor.is_none()), ("Ann", 3, &true));
    assert_eq!(ann.articles[0].comments[0].writer.as_ref().map(|writer| writer.name.as_str()), Some("Bob"));
    let bio = ann.articles[0].comments[0].writer.as_ref().and_then(|writer| writer.profile.as_ref());
    assert_eq!(bio.map(|profile| profile.bio.as_str()), Some("reads much"));
    assert!(ann.articles[0].comments[1].writer.is_none());
    assert_eq!(ann.articles[2].tags.len(), 2);
    assert_eq!(writers[1].mentor.as_ref().map(|mentor| mentor.articles.len()), Some(3));
    assert_eq!(writers[2].mentor.as_ref().map(|mentor| mentor.articles.len()), Some(1));
    assert!(writers[2].articles.is_empty());
    drop(db).await
}

/// A row that stands in several places has its relations in each of them.
pub async fn diamonds_are_whole(db: &Db) -> Result<()> {
    blog(db).await?;
    let query = Article::query().with(Article::writer.with(Writer::articles)).order_by(Article::title.asc());
    let articles = assert_queries!(2, query.all(db).await?);
    let found: Vec<usize> = articles.iter().map(|article| article.writer.articles.len()).collect();
    assert_eq!(found, [3, 3, 3, 1]);
    drop(db).await
}

/// What is loaded of related rows: those that meet a condition, in an order.
pub async fn loaded_rows_are_filtered_and_ordered(db: &Db) -> Result<()> {
    blog(db).await?;
    let good = Article::comments.filter(Comment::stars.gte(4)).order_by(Comment::stars.desc());
    let articles = Article::query().with(good).order_by(Article::title.asc());
    let articles = assert_queries!(2, articles.all(db).await?);
    let found: Vec<_> = articles.iter().map(|article| texts(&article.comments)).collect();
    assert_eq!(found, [vec!["fine"], vec![], vec!["great", "good"], vec![]]);
    let by_others = Article::comments.filter(Comment::writer.name.eq("Eve") | Comment::article.views.eq(5));
    let articles = Article::query().with(by_others.order_by(Comment::id.asc())).order_by(Article::title.asc());
    let articles = assert_queries!(2, articles.all(db).await?);
    let found: Vec<_> = articles.iter().map(|article| texts(&article.comments)).collect();
    assert_eq!(found, [vec!["fine", "late"], vec!["bad"], vec![], vec![]]);
    let tags = Article::tags.filter(Tag::label.ne("sql") & Tag::articles.count().gt(1));
    let articles = Article::query().with(tags).order_by(Article::title.asc());
    let articles = assert_queries!(2, articles.all(db).await?);
    let found: Vec<_> = articles.iter().map(|article| labels(&article.tags)).collect();
    assert_eq!(found, [vec!["rust"], vec!["rust"], vec![], vec![]]);
    drop(db).await
}

/// A limit and an offset are for each row.
pub async fn limits_are_for_each_row(db: &Db) -> Result<()> {
    blog(db).await?;
    let latest = Article::comments.order_by(Comment::id.desc()).limit(1);
    let articles = Article::query().with(latest).order_by(Article::title.asc());
    let articles = assert_queries!(2, articles.all(db).await?);
    let found: Vec<_> = articles.iter().map(|article| texts(&article.comments)).collect();
    assert_eq!(found, [vec!["late"], vec!["bad"], vec!["great"], vec![]]);
    let rest = Article::comments.order_by(Comment::id.desc()).offset(1);
    let articles = Article::query().with(rest).order_by(Article::title.asc());
    let articles = assert_queries!(2, articles.all(db).await?);
    let found: Vec<_> = articles.iter().map(|article| texts(&article.comments)).collect();
    assert_eq!(found, [vec!["fine"], vec![], vec!["good"], vec![]]);
    let second = Writer::articles.order_by((Article::views.desc(), Article::title.asc())).limit(1).offset(1);
    let writers = Writer::query().with(second.with(Article::tags)).order_by(Writer::name.asc());
    let writers = assert_queries!(3, writers.all(db).await?);
    let found: Vec<_> =
        writers.iter().map(|writer| writer.articles.iter().map(|one| &*one.title).collect::<Vec<_>>()).collect();
    assert_eq!((found, writers[0].articles[0].tags.len()), (vec![vec!["Delta"], vec![], vec![]], 2));
    let first = Article::tags.order_by(Tag::label.asc()).limit(1);
    let articles = Article::query().with(first).order_by(Article::title.asc());
    let articles = assert_queries!(2, articles.all(db).await?);
    let found: Vec<_> = articles.iter().map(|article| labels(&article.tags)).collect();
    assert_eq!(found, [vec!["rust"], vec!["rust"], vec!["art"], vec![]]);
    let none = assert_queries!(2, Article::query().with(Article::tags.limit(0)).all(db).await?);
    assert!(none.iter().all(|article| article.tags.is_empty()));
    drop(db).await
}

/// Relations of a table to itself, over a key and over a join table.
pub async fn rows_of_the_same_table_load(db: &Db) -> Result<()> {
    let Blog { ann, bob, eve, .. } = blog(db).await?;
    Writer::follows.of(&ann).add([&bob, &eve]).exec(db).await?;
    Writer::followers.of(&ann).add([&bob]).exec(db).await?;
    let names = |writers: &[Writer]| writers.iter().map(|writer| writer.name.clone()).collect::<Vec<_>>();
    let query = Writer::query()
        .with(Writer::pupils)
        .with(Writer::follows.order_by(Writer::name.asc()))
        .with(Writer::followers.order_by(Writer::name.asc()));
    let writers = assert_queries!(4, query.order_by(Writer::name.asc()).all(db).await?);
    assert_eq!(names(&writers[0].pupils), ["Bob"]);
    assert_eq!(
        (names(&writers[0].follows), names(&writers[0].followers)),
        (vec!["Bob".into(), "Eve".into()], vec!["Bob".into()])
    );
    assert_eq!((names(&writers[2].follows), names(&writers[2].followers)), (vec![], vec!["Ann".into()]));
    let chain = Writer::query().with(Writer::mentor.with(Writer::mentor.with(Writer::mentor)));
    let eve = assert_queries!(1, chain.filter(Writer::name.eq("Eve")).get(db).await?);
    let grand = eve.mentor.as_ref().and_then(|mentor| mentor.mentor.as_ref());
    assert_eq!(grand.map(|writer| (writer.name.as_str(), writer.mentor.is_none())), Some(("Ann", true)));
    drop(db).await
}

/// The query itself may be filtered, ordered, cut; what it counts does not change.
pub async fn loading_changes_no_rows(db: &Db) -> Result<()> {
    blog(db).await?;
    let query = Article::filter(Article::writer.name.eq("Ann")).with(Article::writer).with(Article::comments);
    assert_eq!(assert_queries!(1, query.clone().count(db).await?), 3);
    assert!(assert_queries!(1, query.clone().exists(db).await?));
    let page = assert_queries!(2, query.order_by(Article::title.desc()).limit(2).all(db).await?);
    let found: Vec<_> = page.iter().map(|article| (article.title.as_str(), article.comments.len())).collect();
    assert_eq!(found, [("Delta", 2), ("Beta", 1)]);
    let first = Article::query().with(Article::comments).order_by(Article::title.asc());
    let first = assert_queries!(2, first.first(db).await?);
    assert_eq!(first.map(|article| article.comments.len()), Some(2));
    let none = Article::filter(Article::title.eq("none")).with(Article::comments);
    assert!(assert_queries!(1, none.all(db).await?).is_empty());
    let found = Article::find(page[0].id).with(Article::comments.with(Comment::writer));
    let found = assert_queries!(2, found.get(db).await?);
    assert_eq!(found.comments[0].writer.as_ref().map(|writer| writer.name.as_str()), Some("Bob"));
    drop(db).await
}

/// 40,000 rows with related rows, without a limit of binds.
pub async fn many_parents_load(db: &Db) -> Result<()> {
    let Blog { ann, rust, .. } = blog(db).await?;
    let rows = (0..40_000).map(|n| Article::create().title(format!("n {n}")).views(n).writer(&ann).build());
    Article::bulk_create(rows).exec(db).await?;
    let bulk = Article::filter(Article::title.starts_with("n ")).order_by(Article::views.asc());
    let ids: Vec<i64> = bulk.all(db).await?.iter().map(|article| article.id).collect();
    let comments = ids.iter().step_by(4).map(|id| Comment::create().text("c").article(*id).build());
    Comment::bulk_create(comments).exec(db).await?;
    let insert = "INSERT INTO blog_article_tags SELECT id, ? FROM blog_articles WHERE views >= 39990";
    covet::query::sql(insert).bind(rust.id).exec(db).await?;
    let query = Article::query().with(Article::comments).with(Article::tags).with(Article::writer);
    let query = query.order_by(Article::views.asc()).filter(Article::title.starts_with("n "));
    let articles = assert_queries!(3, query.all(db).await?);
    assert_eq!(articles.len(), 40_000);
    assert!(articles.iter().enumerate().all(|(n, article)| article.comments.len() == usize::from(n % 4 == 0)));
    assert!(articles.iter().enumerate().all(|(n, article)| article.tags.len() == usize::from(n >= 39_990)));
    drop(db).await
}

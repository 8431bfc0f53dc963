//! Questions about to-many relations: any, none, all, counts, sums.

use crate::models::blog::*;
use covet::{backend::Db, column::Condition, error::Result, prelude::*};

async fn writers(db: &Db, condition: impl Condition<Writer>) -> Result<String> {
    let rows = Writer::filter(condition).order_by(Writer::name.asc()).all(db).await?;
    Ok(rows.into_iter().map(|row| row.name).collect::<Vec<_>>().join(" "))
}

async fn articles(db: &Db, condition: impl Condition<Article>) -> Result<String> {
    let rows = Article::filter(condition).order_by(Article::title.asc()).all(db).await?;
    Ok(rows.into_iter().map(|row| row.title).collect::<Vec<_>>().join(" "))
}

/// `any` keeps rows with at least one related row that meets the condition, each once.
pub async fn any_needs_one_related_row(db: &Db) -> Result<()> {
    blog(db).await?;
    assert_eq!(writers(db, Writer::articles.any(Article::views.gte(20))).await?, "Ann Bob");
    assert_eq!(writers(db, Writer::articles.any(Article::title.eq("Alpha"))).await?, "Ann");
    assert_eq!(writers(db, Writer::articles.any(Article::title.eq("none"))).await?, "");
    assert_eq!(writers(db, Writer::articles.exists()).await?, "Ann Bob");
    assert_eq!(writers(db, Writer::articles.is_empty()).await?, "Eve");
    assert_eq!(writers(db, Writer::edited.any(Article::views.gt(20))).await?, "Eve");
    assert_eq!(writers(db, Writer::articles.filter(Article::views.gt(5)).exists()).await?, "Ann Bob");
    drop(db).await
}

/// Rows without related rows meet `none` and `all`; a condition that is unknown is not met.
pub async fn none_and_all_are_complements(db: &Db) -> Result<()> {
    blog(db).await?;
    assert_eq!(writers(db, Writer::articles.none(Article::views.lt(10))).await?, "Bob Eve");
    assert_eq!(writers(db, !Writer::articles.any(Article::views.lt(10))).await?, "Bob Eve");
    assert_eq!(Writer::exclude(Writer::articles.any(Article::views.lt(10))).count(db).await?, 2);
    assert_eq!(writers(db, Writer::articles.all(Article::views.gte(20))).await?, "Bob Eve");
    assert_eq!(articles(db, Article::comments.all(Comment::stars.gte(4))).await?, "Delta Gamma");
    assert_eq!(articles(db, Article::comments.none(Comment::stars.gte(4))).await?, "Beta Gamma");
    assert_eq!(articles(db, Article::comments.none(!Comment::stars.gte(4))).await?, "Delta Gamma");
    drop(db).await
}

/// All of one condition is about one related row; two questions may be about two.
pub async fn conditions_of_one_any_are_about_one_row(db: &Db) -> Result<()> {
    blog(db).await?;
    let (few, beta) = (|| Article::views.lt(10), || Article::title.eq("Beta"));
    assert_eq!(writers(db, Writer::articles.any(few() & beta())).await?, "");
    assert_eq!(writers(db, Writer::articles.any(few()) & Writer::articles.any(beta())).await?, "Ann");
    assert_eq!(writers(db, Writer::articles.any(few() | beta())).await?, "Ann");
    assert_eq!(Writer::exclude(Writer::articles.any(few() & beta())).count(db).await?, 3);
    drop(db).await
}

/// `count` is a number that can be compared; 0 where there are no rows.
pub async fn related_rows_are_counted(db: &Db) -> Result<()> {
    blog(db).await?;
    assert_eq!(writers(db, Writer::articles.count().eq(3)).await?, "Ann");
    assert_eq!(writers(db, Writer::articles.count().eq(0)).await?, "Eve");
    assert_eq!(writers(db, Writer::articles.count().gt(Writer::edited.count())).await?, "Ann");
    assert_eq!(writers(db, Writer::articles.filter(Article::views.eq(20)).count().eq(2)).await?, "Ann");
    let busy = Writer::articles.filter(Article::views.gt(5)).filter(Article::views.lt(30));
    assert_eq!(writers(db, busy.count().gte(1)).await?, "Ann");
    assert_eq!(articles(db, (Article::comments.count() * 10).gt(Article::tags.count() * 15)).await?, "");
    drop(db).await
}

/// Rows are ordered by what is asked of related rows.
pub async fn counts_order_rows(db: &Db) -> Result<()> {
    blog(db).await?;
    let names = async |query: Query<Writer>| -> Result<Vec<String>> {
        Ok(query.all(db).await?.into_iter().map(|writer| writer.name).collect())
    };
    let order = (Writer::articles.count().desc(), Writer::name.asc());
    assert_eq!(names(Writer::query().order_by(order)).await?, ["Ann", "Bob", "Eve"]);
    let order = (Writer::edited.count().desc(), Writer::name.asc());
    assert_eq!(names(Writer::query().order_by(order)).await?, ["Eve", "Bob", "Ann"]);
    // NULL, for no rows, sorts smallest.
    let order = Writer::articles.sum(Article::views).asc();
    assert_eq!(names(Writer::query().order_by(order)).await?, ["Eve", "Bob", "Ann"]);
    let order = Writer::articles.max(Article::views).desc();
    assert_eq!(names(Writer::query().order_by((order, Writer::name.asc()))).await?, ["Bob", "Ann", "Eve"]);
    drop(db).await
}

/// Sums and means leave NULL out and are NULL for no rows.
pub async fn related_values_are_summed(db: &Db) -> Result<()> {
    blog(db).await?;
    assert_eq!(writers(db, Writer::articles.sum(Article::views).eq(45)).await?, "Ann");
    assert_eq!(writers(db, Writer::articles.sum(Article::views).is_null()).await?, "Eve");
    assert_eq!(writers(db, Writer::articles.avg(Article::views).eq(15.0)).await?, "Ann");
    assert_eq!(articles(db, Article::comments.sum(Comment::stars).eq(5)).await?, "Alpha");
    assert_eq!(articles(db, Article::comments.avg(Comment::stars).between(4.4, 4.6)).await?, "Delta");
    assert_eq!(articles(db, Article::comments.sum(Comment::stars).is_null()).await?, "Gamma");
    assert_eq!(articles(db, Article::comments.sum(Comment::stars + 1).eq(11)).await?, "Delta");
    drop(db).await
}

/// The smallest and the largest of numbers and of texts.
pub async fn smallest_and_largest_of_related_rows(db: &Db) -> Result<()> {
    blog(db).await?;
    assert_eq!(writers(db, Writer::articles.min(Article::views).eq(5)).await?, "Ann");
    assert_eq!(writers(db, Writer::articles.max(Article::title).eq("Gamma")).await?, "Bob");
    assert_eq!(articles(db, Article::comments.min(Comment::stars).eq(4)).await?, "Delta");
    assert_eq!(articles(db, Article::comments.max(Comment::text).is_null()).await?, "Gamma");
    drop(db).await
}

/// A question can stand behind a path of to-one hops, nullable ones too.
pub async fn questions_stand_behind_paths(db: &Db) -> Result<()> {
    blog(db).await?;
    assert_eq!(articles(db, Article::writer.articles.count().gt(1)).await?, "Alpha Beta Delta");
    assert_eq!(articles(db, Article::editor.articles.exists()).await?, "Beta");
    assert_eq!(articles(db, Article::editor.articles.is_empty()).await?, "Alpha Delta Gamma");
    assert_eq!(articles(db, Article::writer.mentor.articles.any(Article::title.eq("Alpha"))).await?, "Gamma");
    let query = Comment::filter(Comment::article.tags.any(Tag::label.eq("art")));
    assert_eq!(query.count(db).await?, 2);
    drop(db).await
}

/// A condition on related rows may ask about their related rows, and follow their paths.
pub async fn questions_nest(db: &Db) -> Result<()> {
    blog(db).await?;
    let praised = || Article::comments.any(Comment::stars.eq(5));
    assert_eq!(writers(db, Writer::articles.any(praised())).await?, "Ann");
    assert_eq!(writers(db, Writer::articles.filter(praised()).count().eq(2)).await?, "Ann");
    assert_eq!(writers(db, Writer::articles.any(Article::editor.name.eq("Eve"))).await?, "Ann Bob");
    assert_eq!(writers(db, Writer::articles.any(Article::comments.any(Comment::writer.name.eq("Eve")))).await?, "Ann");
    let own = Article::comments.any(Comment::writer.articles.any(Article::title.eq("Gamma")));
    assert_eq!(articles(db, own).await?, "Alpha Delta");
    assert_eq!(articles(db, Article::tags.any(Tag::articles.count().eq(1))).await?, "Delta");
    drop(db).await
}

/// `is` takes a condition with questions, and moves only what is about the related row.
pub async fn is_takes_questions(db: &Db) -> Result<()> {
    blog(db).await?;
    let busy = || Writer::articles.any(Article::views.gt(5)) & Writer::age.gt(18);
    assert_eq!(articles(db, Article::writer.is(busy())).await?, "Alpha Beta Delta");
    assert_eq!(
        articles(db, Article::editor.is(!Writer::articles.any(Article::views.gt(5)))).await?,
        "Alpha Delta Gamma"
    );
    let query = Comment::filter(Comment::article.is(Article::writer.is(busy()) & Article::tags.count().gt(1)));
    assert_eq!(query.count(db).await?, 4);
    drop(db).await
}

/// Over a join table that covet made, from both sides.
pub async fn many_to_many_both_ways(db: &Db) -> Result<()> {
    let Blog { rust, .. } = blog(db).await?;
    assert_eq!(articles(db, Article::tags.any(Tag::label.eq("rust"))).await?, "Alpha Beta");
    assert_eq!(articles(db, Article::tags.any(Tag::id.eq(rust.id))).await?, "Alpha Beta");
    assert_eq!(articles(db, Article::tags.none(Tag::label.eq("rust"))).await?, "Delta Gamma");
    assert_eq!(articles(db, Article::tags.all(Tag::label.in_(["rust", "sql"]))).await?, "Alpha Beta Gamma");
    assert_eq!(articles(db, Article::tags.count().eq(2)).await?, "Alpha Delta");
    assert_eq!(articles(db, Article::tags.is_empty()).await?, "Gamma");
    assert_eq!(articles(db, Article::tags.min(Tag::label).eq("art")).await?, "Delta");
    let tags = Tag::filter(Tag::articles.any(Article::writer.name.eq("Ann") & Article::views.lt(10)));
    assert_eq!(tags.count(db).await?, 2);
    assert_eq!(Tag::filter(Tag::articles.sum(Article::views).eq(25)).count(db).await?, 2);
    drop(db).await
}

/// Over a join table that is a model.
pub async fn through_a_model(db: &Db) -> Result<()> {
    blog(db).await?;
    assert_eq!(articles(db, Article::readers.any(Writer::name.eq("Bob"))).await?, "Alpha");
    assert_eq!(articles(db, Article::readers.count().gte(1)).await?, "Alpha Gamma");
    assert_eq!(writers(db, Writer::read.any(Article::title.eq("Alpha"))).await?, "Bob Eve");
    assert_eq!(writers(db, Writer::read.any(Article::writer.name.eq("Bob"))).await?, "Ann");
    drop(db).await
}

/// A one-to-one relation is a path from both sides; from the side without the key there may be no row.
pub async fn one_to_one_both_ways(db: &Db) -> Result<()> {
    let Blog { ann, .. } = blog(db).await?;
    assert_eq!(Profile::filter(Profile::writer.name.eq("Ann")).count(db).await?, 1);
    assert_eq!(writers(db, Writer::profile.bio.eq("writes much")).await?, "Ann");
    assert_eq!(writers(db, Writer::profile.id.is_null()).await?, "Eve");
    assert_eq!(writers(db, !Writer::profile.bio.contains("reads")).await?, "Ann Eve");
    assert_eq!(articles(db, Article::writer.profile.bio.contains("reads")).await?, "Gamma");
    assert_eq!(articles(db, Article::writer.is(Writer::profile.bio.contains("reads"))).await?, "Gamma");
    let second = Profile::create().writer(&ann).bio("again").save(db).await.err();
    assert!(second.is_some_and(|error| error.is_unique_violation()));
    drop(db).await
}

/// A relation of a table to itself, asked about within that table.
pub async fn rows_of_the_same_table(db: &Db) -> Result<()> {
    blog(db).await?;
    assert_eq!(writers(db, Writer::pupils.any(Writer::age.lt(18))).await?, "Ann");
    assert_eq!(writers(db, Writer::pupils.any(Writer::pupils.exists())).await?, "Ann");
    assert_eq!(writers(db, Writer::mentor.pupils.any(Writer::name.eq("Eve"))).await?, "Eve");
    assert_eq!(writers(db, Writer::pupils.is_empty()).await?, "Eve");
    assert_eq!(writers(db, Writer::pupils.any(Writer::mentor.name.eq("Ann"))).await?, "Ann");
    drop(db).await
}

/// A foreign key has another end where nobody declared it.
pub async fn reverse_needs_no_declaration(db: &Db) -> Result<()> {
    blog(db).await?;
    assert_eq!(writers(db, Comment::writer.reverse().any(Comment::stars.eq(1))).await?, "Eve");
    assert_eq!(writers(db, Article::writer.reverse().count().eq(Writer::articles.count())).await?, "Ann Bob Eve");
    drop(db).await
}

/// Updates and deletes choose rows by related rows, of their own table too.
pub async fn updates_and_deletes_by_related_rows(db: &Db) -> Result<()> {
    blog(db).await?;
    let praised = Article::filter(Article::comments.any(Comment::stars.eq(5)));
    assert_eq!(praised.update(Article::views.set(Article::views + 1)).exec(db).await?, 2);
    assert_eq!(articles(db, Article::views.in_([6, 21])).await?, "Alpha Delta");
    let mentors = Writer::filter(Writer::pupils.any(Writer::age.lt(18)));
    assert_eq!(mentors.update(Writer::age.set(99)).exec(db).await?, 1);
    assert_eq!(writers(db, Writer::age.eq(99)).await?, "Ann");
    let counted = Article::query().update(Article::views.set(7)).exec(db).await?;
    assert_eq!(counted, 4);
    let loners = Comment::filter(Comment::article.tags.is_empty() | Comment::writer.articles.is_empty());
    assert_eq!(loners.delete(db).await?, 2);
    assert_eq!(Comment::query().count(db).await?, 3);
    drop(db).await
}

/// The join table refuses a pair twice, and pairs of rows that are not there.
pub async fn join_table_has_key_and_index(db: &Db) -> Result<()> {
    let Blog { alpha, rust, .. } = blog(db).await?;
    let insert = |article: i64, tag: i64| {
        covet::query::sql("INSERT INTO blog_article_tags VALUES (?, ?)").bind(article).bind(tag)
    };
    let twice = insert(alpha.id, rust.id).exec(db).await.err();
    assert!(twice.is_some_and(|error| error.is_unique_violation()));
    let nowhere = insert(alpha.id, 4711).exec(db).await.err();
    assert!(nowhere.is_some_and(|error| error.is_foreign_key_violation()));
    let table = (Article::schema().joins)()[0];
    assert_eq!(
        (table.name, table.columns[0].name, table.columns[1].name),
        ("blog_article_tags", "article_id", "tag_id")
    );
    drop(db).await
}

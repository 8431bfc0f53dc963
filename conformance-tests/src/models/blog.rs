//! Models with every kind of relation.

use covet::{backend::Db, error::Result, prelude::*};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(
    table = "blog_writers",
    has_many(articles: Article.writer, edited: Article.editor, comments: Comment.writer, pupils: Writer.mentor),
    has_one(profile: Profile.writer),
    many_to_many(read: Article.readers),
    many_to_many(follows: Writer, table = "blog_follows", followers: Writer.follows)
)]
pub struct Writer {
    pub id: i64,
    #[covet(max_length = 50)]
    pub name: String,
    pub age: i32,
    pub mentor: Option<ForeignKey<Writer>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "blog_profiles")]
pub struct Profile {
    pub id: i64,
    pub writer: OneToOne<Writer>,
    pub bio: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(
    table = "blog_articles",
    has_many(comments: Comment.article),
    many_to_many(tags: Tag, table = "blog_article_tags"),
    many_to_many(readers: Writer through Reading)
)]
pub struct Article {
    pub id: i64,
    #[covet(max_length = 100)]
    pub title: String,
    pub views: i32,
    pub writer: ForeignKey<Writer>,
    pub editor: Option<ForeignKey<Writer>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "blog_comments")]
pub struct Comment {
    pub id: i64,
    pub text: String,
    pub stars: Option<i32>,
    pub article: ForeignKey<Article>,
    pub writer: Option<ForeignKey<Writer>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "blog_tags", many_to_many(articles: Article.tags))]
pub struct Tag {
    pub id: i64,
    #[covet(unique, max_length = 30)]
    pub label: String,
}

/// A join table with a column of its own.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "blog_readings", primary_key(article, writer))]
pub struct Reading {
    pub article: ForeignKey<Article>,
    pub writer: ForeignKey<Writer>,
    pub minutes: i32,
}

fn all() -> [&'static covet::schema::TableDef; 6] {
    models![Writer, Profile, Article, Comment, Tag, Reading]
}

/// Three writers, four articles, some of what belongs to them.
pub struct Blog {
    pub ann: Writer,
    pub bob: Writer,
    pub eve: Writer,
    pub alpha: Article,
    pub beta: Article,
    pub gamma: Article,
    pub delta: Article,
    pub rust: Tag,
    pub sql: Tag,
    pub art: Tag,
}

/// Makes the tables anew.
pub async fn create(db: &Db) -> Result<()> {
    db.drop_tables(all()).await?;
    db.create_tables(all()).await
}

pub async fn drop(db: &Db) -> Result<()> {
    db.drop_tables(all()).await
}

/// Makes the tables anew and fills them.
///
/// | article | views | writer | editor | comments (stars, writer) | tags | readers (minutes) |
/// |---|---|---|---|---|---|---|
/// | Alpha | 5 | Ann | - | fine (5, Bob), late (NULL, -) | rust, sql | Bob 3, Eve 8 |
/// | Beta | 20 | Ann | Bob | bad (1, Eve) | rust | |
/// | Gamma | 30 | Bob | Eve | | | Ann 1 |
/// | Delta | 20 | Ann | Eve | good (4, Bob), great (5, Bob) | sql, art | |
///
/// Eve has written nothing; Ann is Bob's mentor, Bob is Eve's. Ann and Bob have profiles.
pub async fn blog(db: &Db) -> Result<Blog> {
    create(db).await?;
    let ann = Writer::create().name("Ann").age(34).save(db).await?;
    let bob = Writer::create().name("Bob").age(17).mentor(&ann).save(db).await?;
    let eve = Writer::create().name("Eve").age(52).mentor(&bob).save(db).await?;
    Profile::create().writer(&ann).bio("writes much").save(db).await?;
    Profile::create().writer(&bob).bio("reads much").save(db).await?;
    let article = |title: &str, views: i32, writer: &Writer| Article::create().title(title).views(views).writer(writer);
    let alpha = article("Alpha", 5, &ann).save(db).await?;
    let beta = article("Beta", 20, &ann).editor(&bob).save(db).await?;
    let gamma = article("Gamma", 30, &bob).editor(&eve).save(db).await?;
    let delta = article("Delta", 20, &ann).editor(&eve).save(db).await?;
    let comment = |text: &str, article: &Article| Comment::create().text(text).article(article);
    comment("fine", &alpha).stars(5).writer(&bob).save(db).await?;
    comment("late", &alpha).save(db).await?;
    comment("bad", &beta).stars(1).writer(&eve).save(db).await?;
    comment("good", &delta).stars(4).writer(&bob).save(db).await?;
    comment("great", &delta).stars(5).writer(&bob).save(db).await?;
    let rust = Tag::create().label("rust").save(db).await?;
    let sql = Tag::create().label("sql").save(db).await?;
    let art = Tag::create().label("art").save(db).await?;
    for (article, writer, minutes) in [(&alpha, &bob, 3), (&alpha, &eve, 8), (&gamma, &ann, 1)] {
        Reading::create().article(article).writer(writer).minutes(minutes).save(db).await?;
    }
    Article::tags.of(&alpha).add([&rust, &sql]).exec(db).await?;
    Article::tags.of(&beta).add([&rust]).exec(db).await?;
    Article::tags.of(&delta).add([&sql, &art]).exec(db).await?;
    Ok(Blog { ann, bob, eve, alpha, beta, gamma, delta, rust, sql, art })
}

//! Values and numbers of related rows in place of the rows, and values of rows in place of rows.

use crate::models::blog::*;
use covet::{backend::Db, error::Result, prelude::*, test::assert_queries};
use covet_macros::Model;
use rust_decimal::Decimal;
use uuid::Uuid;

/// A value of the related row stands where the row would; where there is none, so does `None`.
pub async fn values_of_a_related_row(db: &Db) -> Result<()> {
    blog(db).await?;
    let query = Article::query()
        .with(Article::writer.select(Writer::name))
        .with(Article::editor.select((Writer::name, Writer::mentor.name, Writer::age + 1)))
        .order_by(Article::title.asc());
    let text = query.to_sql(db.dialect())?.text;
    assert!(!text.contains("profile") && text.matches("age").count() == 1, "{text}");
    let articles = assert_queries!(1, query.all(db).await?);
    let found: Vec<(&str, &str)> = articles.iter().map(|one| (one.title.as_str(), one.writer.as_str())).collect();
    assert_eq!(found, [("Alpha", "Ann"), ("Beta", "Ann"), ("Delta", "Ann"), ("Gamma", "Bob")]);
    let editors: Vec<_> = articles.into_iter().map(|article| article.editor).collect();
    let bob = ("Bob".to_owned(), Some("Ann".to_owned()), 18);
    let eve = ("Eve".to_owned(), Some("Bob".to_owned()), 53);
    assert_eq!(editors, [None, Some(bob), Some(eve.clone()), Some(eve)]);
    drop(db).await
}

/// Values of related rows, which may be filtered, ordered and limited for each row.
pub async fn values_of_related_rows(db: &Db) -> Result<()> {
    blog(db).await?;
    let best = Article::comments.filter(Comment::stars.is_not_null()).order_by(Comment::stars.desc());
    let best = best.select((Comment::text, Comment::stars, Comment::writer.name, Comment::article.views + 1)).limit(1);
    let query = Article::query().with(best).with(Article::tags.select(Tag::label).order_by(Tag::label.asc()));
    let articles = assert_queries!(3, query.order_by(Article::title.asc()).all(db).await?);
    let best: Vec<_> = articles.iter().map(|article| article.comments.first().cloned()).collect();
    let row = |text: &str, stars, writer: &str, views| Some((text.to_owned(), Some(stars), Some(writer.into()), views));
    assert_eq!(best, [row("fine", 5, "Bob", 6), row("bad", 1, "Eve", 21), row("great", 5, "Bob", 21), None]);
    let labels: Vec<_> = articles.iter().map(|article| article.tags.join(" ")).collect();
    assert_eq!(labels, ["rust sql", "rust", "art sql", ""]);
    let writers = Writer::query().with(Writer::profile.select(Profile::bio)).order_by(Writer::name.asc());
    let bios: Vec<_> = writers.all(db).await?.into_iter().map(|writer| writer.profile).collect();
    assert_eq!(bios, [Some("writes much".to_owned()), Some("reads much".to_owned()), None]);
    drop(db).await
}

/// A number of related rows is a column of the same statement: 0 for none.
pub async fn numbers_of_related_rows(db: &Db) -> Result<()> {
    blog(db).await?;
    let query = Article::query()
        .with(Article::comments.filter(Comment::stars.gte(4)).count())
        .with(Article::tags.count())
        .with(Article::readers.count())
        .order_by(Article::title.asc());
    let articles = assert_queries!(1, query.all(db).await?);
    let found: Vec<(i64, i64, i64)> = articles.iter().map(|one| (one.comments, one.tags, one.readers)).collect();
    assert_eq!(found, [(1, 2, 2), (0, 1, 0), (2, 2, 0), (0, 0, 1)]);
    let query = Writer::query()
        .with(Writer::mentor.with(Writer::articles.count()))
        .with(Writer::articles.with(Article::comments.count()).order_by(Article::title.asc()).limit(2));
    let writers = assert_queries!(2, query.order_by(Writer::name.asc()).all(db).await?);
    let mentors: Vec<_> = writers.iter().map(|one| one.mentor.as_ref().map(|mentor| mentor.articles)).collect();
    assert_eq!(mentors, [None, Some(3), Some(1)]);
    let found: Vec<Vec<i64>> =
        writers.iter().map(|one| one.articles.iter().map(|article| article.comments).collect()).collect();
    assert_eq!(found, [vec![2, 1], vec![0], vec![]]);
    drop(db).await
}

/// `select` of a query gives values in place of rows, relations among them.
pub async fn values_of_rows(db: &Db) -> Result<()> {
    let Blog { ann, .. } = blog(db).await?;
    let query = Article::filter(Article::views.gte(20)).order_by(Article::title.asc());
    let titles: Vec<String> = query.clone().select(Article::title).all(db).await?;
    assert_eq!(titles, ["Beta", "Delta", "Gamma"]);
    let first = query.clone().select((Article::writer, Article::editor.name, Article::tags.select(Tag::id)));
    let (writer, editor, tags) = first.get_first(db).await?;
    assert_eq!((writer, editor, tags.len()), (ann, Some("Bob".to_owned()), 1));
    let sums = query.select((Article::comments.count(), Article::comments.sum(Comment::stars), Article::writer.age));
    assert_eq!(sums.all(db).await?, [(1, Some(1), 34), (2, Some(9), 34), (0, None, 17)]);
    let means = Article::find(1_000).select(Article::comments.avg(Comment::stars)).first(db).await?;
    assert_eq!(means, None);
    drop(db).await
}

/// The row of `first`, which is there.
trait GetFirst<T> {
    async fn get_first(self, db: &Db) -> Result<T>;
}
impl<M: Model, S: covet::query::Choose<M>> GetFirst<S::Row> for covet::query::Selected<M, S> {
    async fn get_first(self, db: &Db) -> Result<S::Row> {
        self.query().limit(1).get(db).await
    }
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "values_shops", has_many(offers: Offer.shop))]
pub struct Shop {
    pub id: i64,
    pub name: String,
    #[covet(soft_delete)]
    pub deleted_at: Option<chrono::DateTime<chrono::Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "values_offers")]
pub struct Offer {
    pub id: i64,
    #[covet(decimal(10, 2))]
    pub price: Decimal,
    #[covet(uuid = "text")]
    pub code: Uuid,
    pub shop: ForeignKey<Shop>,
    #[covet(soft_delete)]
    pub deleted_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// What scopes hide is neither chosen nor counted. Decimals have their digits, UUIDs the form of their column.
pub async fn scopes_and_forms_hold_for_values(db: &Db) -> Result<()> {
    let models = models![Shop, Offer];
    db.drop_tables(models).await?;
    db.create_tables(models).await?;
    let open = Shop::create().name("open").save(db).await?;
    let shut = Shop::create().name("shut").save(db).await?;
    let code = Uuid::from_u128(7);
    for (price, shop) in [(1250, &open), (399, &open), (100, &shut)] {
        Offer::create().price(Decimal::new(price, 2)).code(code).shop(shop).save(db).await?;
    }
    Offer::filter(Offer::price.eq(Decimal::new(399, 2))).delete(db).await?;
    Shop::find(shut.id).delete(db).await?;
    let offers = Offer::query().with(Offer::shop.select(Shop::name)).order_by(Offer::id.asc()).all(db).await?;
    let shops: Vec<Option<&str>> = offers.iter().map(|offer| offer.shop.as_deref()).collect();
    assert_eq!(shops, [Some("open"), None]);
    let shop = Shop::query().with(Shop::offers.select((Offer::price, Offer::code))).get(db).await?;
    assert_eq!(shop.offers, [(Decimal::new(1250, 2), code)]);
    let shop = Shop::query().with(Shop::offers.count()).get(db).await?;
    assert_eq!(shop.offers, 1);
    let shop = Shop::query().with(Shop::offers.with_deleted().select(Offer::price).order_by(Offer::id.asc())).get(db);
    assert_eq!(shop.await?.offers, [Decimal::new(1250, 2), Decimal::new(399, 2)]);
    let most = Shop::unscoped().order_by(Shop::id.asc()).select((Shop::name, Shop::offers.max(Offer::price)));
    assert_eq!(
        most.all(db).await?,
        [("open".to_owned(), Some(Decimal::new(1250, 2))), ("shut".to_owned(), Some(Decimal::new(100, 2)))]
    );
    db.drop_tables(models).await
}

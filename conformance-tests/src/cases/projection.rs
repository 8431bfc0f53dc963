//! Structs of chosen values, and the types and documents of rows with relations.

use crate::models::blog::*;
use covet::{backend::Db, error::Result, prelude::*, query::Query, test::assert_queries};
use covet_macros::{Model, Projection, loaded};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

#[derive(Projection, Serialize)]
#[covet(model = Writer)]
struct WriterView {
    name: String,
    mentor: Option<Name>,
}

#[derive(Projection, Serialize)]
#[covet(model = Writer)]
struct Name {
    name: String,
}

#[derive(Projection, Serialize)]
#[covet(model = Tag)]
struct TagView {
    label: String,
    #[covet(expr = Tag::articles.count())]
    articles: i64,
}

#[derive(Projection, Serialize)]
#[covet(model = Article)]
struct ArticleView {
    title: String,
    writer: WriterView,
    editor: Option<Name>,
    #[covet(expr = Article::tags.order_by(Tag::label.asc()))]
    tags: Vec<TagView>,
    #[covet(path = editor.mentor.name)]
    above: Option<String>,
    writer_id: ForeignKey<Writer>,
}

fn articles() -> Query<Article> {
    Article::query().order_by(Article::title.asc())
}

/// A projection reads exactly its columns: to-one relations by joins, each to-many relation by one statement.
pub async fn exactly_the_columns_are_read(db: &Db) -> Result<()> {
    let Blog { ann, .. } = blog(db).await?;
    let query = articles().select_as::<ArticleView>();
    let text = query.to_sql(db.dialect())?.text;
    assert!(!text.contains("views") && !text.contains("age") && text.contains("title"), "{text}");
    let (views, sent) = covet::test::count_queries(query.all(db)).await;
    let views = views?;
    assert_eq!(sent.count(), 2, "{sent}");
    assert!(sent.texts().iter().all(|text| !text.contains("views") && !text.contains("age")), "{sent}");
    let tag = |label: &str, articles: i64| json!({ "label": label, "articles": articles });
    let first = json!({
        "title": "Alpha", "writer": { "name": "Ann", "mentor": null }, "editor": null,
        "tags": [tag("rust", 2), tag("sql", 2)], "above": null, "writer_id": ann.id,
    });
    assert_eq!(serde_json::to_value(&views[0]).ok(), Some(first));
    let last = json!({ "name": "Bob", "mentor": { "name": "Ann" } });
    assert_eq!(serde_json::to_value(&views[3].writer).ok(), Some(last));
    let above: Vec<_> = views.iter().map(|view| view.above.as_deref()).collect();
    assert_eq!(above, [None, Some("Ann"), Some("Bob"), Some("Bob")]);
    assert_eq!(views[2].editor.as_ref().map(|editor| editor.name.as_str()), Some("Eve"));
    drop(db).await
}

/// `COLUMNS` is chosen like a column: of a query, of a relation, in a tuple.
pub async fn projections_are_chosen_like_columns(db: &Db) -> Result<()> {
    blog(db).await?;
    let names: Vec<Name> = Writer::query().order_by(Writer::name.asc()).select(Name::COLUMNS).all(db).await?;
    assert_eq!(names.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Ann", "Bob", "Eve"]);
    let rows = articles().with(Article::writer.select(Name::COLUMNS)).limit(1);
    let rows = assert_queries!(1, rows.all(db).await?);
    assert_eq!((rows[0].writer.name.as_str(), rows[0].title.as_str()), ("Ann", "Alpha"));
    let rows = articles().select((Article::views, Article::editor.select(Name::COLUMNS), TitleOf::COLUMNS));
    let found: Vec<_> =
        rows.all(db).await?.into_iter().map(|(views, editor, of)| (views, editor.is_some(), of)).collect();
    assert_eq!(found[1], (20, true, TitleOf { title: "Beta".to_owned() }));
    drop(db).await
}

#[derive(Projection, Debug, PartialEq)]
#[covet(model = Article)]
struct TitleOf {
    title: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "projection_wides")]
pub struct Wide {
    pub id: i64,
    #[covet(decimal(10, 2))]
    pub price: Decimal,
    #[covet(uuid = "text")]
    pub code: Option<Uuid>,
    pub n: i32,
}

/// More than twelve fields.
#[derive(Projection, Debug, PartialEq)]
#[covet(model = Wide)]
struct Many {
    price: Decimal,
    code: Option<Uuid>,
    #[covet(path = n)]
    c: i32,
    #[covet(path = n)]
    d: i32,
    #[covet(path = n)]
    e: i32,
    #[covet(path = n)]
    f: i32,
    #[covet(path = n)]
    g: i32,
    #[covet(path = n)]
    h: i32,
    #[covet(path = n)]
    i: i32,
    #[covet(path = n)]
    j: i32,
    #[covet(path = n)]
    k: i32,
    #[covet(path = n)]
    l: i32,
    #[covet(expr = Wide::n * 2)]
    m: i32,
    #[covet(path = id)]
    last: i64,
}

/// Decimals, UUIDs, expressions; any number of fields.
pub async fn fields_of_any_number_and_type(db: &Db) -> Result<()> {
    db.drop_tables(models![Wide]).await?;
    db.create_tables(models![Wide]).await?;
    let (price, code) = (Decimal::new(1250, 2), Some(Uuid::from_u128(9)));
    let row = Wide::create().price(price).n(7).code(code).save(db).await?;
    let many = Wide::query().select_as::<Many>().get(db).await?;
    let last = row.id;
    assert_eq!(many, Many { price, code, c: 7, d: 7, e: 7, f: 7, g: 7, h: 7, i: 7, j: 7, k: 7, l: 7, m: 14, last });
    db.drop_tables(models![Wide]).await
}

type Page = loaded!(Article { writer { profile, articles { tags } }, comments: i64, editor: Option<String> });

async fn page(db: &Db) -> Result<Vec<Page>> {
    articles()
        .with(Article::editor.select(Writer::name))
        .with(Article::writer.with(Writer::articles.with(Article::tags)).with(Writer::profile))
        .with(Article::comments.count())
        .all(db)
        .await
}

struct Pages {
    first: Option<Page>,
}

/// `loaded!` names the type of a row with relations, whatever the order of `.with`.
pub async fn types_of_loaded_rows_have_names(db: &Db) -> Result<()> {
    blog(db).await?;
    let rows = assert_queries!(3, page(db).await?);
    let pages = Pages { first: rows.into_iter().next() };
    let found = pages.first.map(|row| (row.writer.articles[0].tags.len(), row.comments, row.editor.clone()));
    assert_eq!(found, Some((2, 2, None)));
    let plain: Vec<loaded!(Tag)> = Tag::query().all(db).await?;
    assert_eq!(plain.len(), 3);
    drop(db).await
}

#[derive(Model, Clone, Debug, PartialEq, Serialize)]
#[covet(table = "projection_owners", has_many(pets: Pet.owner))]
pub struct Owner {
    pub id: i64,
    pub name: String,
    #[serde(skip)]
    pub secret: String,
}

#[derive(Model, Clone, Debug, PartialEq, Serialize)]
#[covet(table = "projection_pets", with(derive(Serialize, PartialEq, Debug)))]
pub struct Pet {
    pub id: i64,
    pub name: String,
    pub owner: ForeignKey<Owner>,
    pub sitter: Option<ForeignKey<Owner>>,
}

/// A row with relations is a nested document: what is loaded in place of the key, and nothing where nothing is loaded.
pub async fn rows_with_relations_are_documents(db: &Db) -> Result<()> {
    let models = models![Owner, Pet];
    db.drop_tables(models).await?;
    db.create_tables(models).await?;
    let ann = Owner::create().name("Ann").secret("s").save(db).await?;
    let rex = Pet::create().name("Rex").owner(&ann).save(db).await?;
    let found = Owner::query().with(Owner::pets.with(Pet::owner)).get(db).await?;
    let owner = json!({ "id": ann.id, "name": "Ann" });
    let pet = json!({ "id": rex.id, "name": "Rex", "owner": owner, "sitter": null });
    assert_eq!(serde_json::to_value(&found).ok(), Some(json!({ "id": ann.id, "name": "Ann", "pets": [pet] })));
    let found = Pet::query().with(Pet::sitter.with(Owner::pets.count())).get(db).await?;
    let pet = json!({ "id": rex.id, "name": "Rex", "owner": ann.id, "sitter": null });
    assert_eq!(serde_json::to_value(&found).ok(), Some(pet));
    let text = serde_json::to_string(&found).unwrap_or_default();
    assert_eq!(text.matches("\"sitter\"").count(), 1, "{text}");
    assert_eq!(Pet::query().with(Pet::owner).get(db).await?, Pet::query().with(Pet::owner).get(db).await?);
    let found = Owner::query().with(Owner::pets.count()).get(db).await?;
    assert_eq!(serde_json::to_value(&found).ok(), Some(json!({ "id": ann.id, "name": "Ann", "pets": 1 })));
    db.drop_tables(models).await
}

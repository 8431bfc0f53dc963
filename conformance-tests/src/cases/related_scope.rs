//! Scopes and keys of other types, in what is asked and loaded of related rows.

use chrono::{DateTime, Utc};
use covet::{backend::Db, error::Result, prelude::*, test::assert_queries};
use covet_macros::Model;
use uuid::Uuid;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "rel_shelves", has_many(books: Book.shelf))]
struct Shelf {
    id: i64,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "rel_books", order_by(title), many_to_many(topics: Topic, table = "rel_book_topics"))]
struct Book {
    id: i64,
    title: String,
    shelf: ForeignKey<Shelf>,
    author: ForeignKey<Author>,
    #[covet(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "rel_authors", has_many(books: Book.author))]
struct Author {
    id: i64,
    name: String,
    #[covet(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "rel_topics", scope = shown, many_to_many(books: Book.topics))]
struct Topic {
    id: i64,
    #[covet(max_length = 20)]
    label: String,
    #[covet(default = true)]
    shown: bool,
}

fn shown() -> Predicate<Topic> {
    Topic::shown.eq(true)
}

fn tables() -> [&'static covet::schema::TableDef; 4] {
    models![Shelf, Book, Author, Topic]
}

/// One shelf with the books A, B (deleted) and C (whose author is deleted); A and B have topics, one of them hidden.
async fn library(db: &Db) -> Result<Shelf> {
    db.drop_tables(tables()).await?;
    db.create_tables(tables()).await?;
    let shelf = Shelf::create().name("only").save(db).await?;
    let ann = Author::create().name("Ann").save(db).await?;
    let bob = Author::create().name("Bob").save(db).await?;
    let a = Book::create().title("A").shelf(&shelf).author(&ann).save(db).await?;
    let b = Book::create().title("B").shelf(&shelf).author(&ann).save(db).await?;
    Book::create().title("C").shelf(&shelf).author(&bob).save(db).await?;
    let seen = Topic::create().label("seen").save(db).await?;
    let hidden = Topic::create().label("hidden").shown(false).save(db).await?;
    Book::topics.of(&a).add([&seen, &hidden]).exec(db).await?;
    Book::topics.of(&b).add([&seen]).exec(db).await?;
    Book::find(b.id).delete(db).await?;
    Author::find(bob.id).delete(db).await?;
    Ok(shelf)
}

/// What a scope hides is not counted, summed or found among related rows, over join tables too.
pub async fn hidden_rows_are_not_asked(db: &Db) -> Result<()> {
    library(db).await?;
    assert_eq!(Shelf::filter(Shelf::books.count().eq(2)).count(db).await?, 1);
    assert_eq!(Shelf::unscoped().filter(Shelf::books.count().eq(3)).count(db).await?, 1);
    assert_eq!(Shelf::query().with_deleted().filter(Shelf::books.count().eq(3)).count(db).await?, 1);
    assert!(!Shelf::filter(Shelf::books.any(Book::title.eq("B"))).exists(db).await?);
    assert!(Shelf::filter(Shelf::books.none(Book::title.eq("B"))).exists(db).await?);
    assert!(!Shelf::filter(Shelf::books.any(Book::author.name.eq("Bob"))).exists(db).await?);
    assert!(Shelf::filter(Shelf::books.any(Book::author.name.is_null())).exists(db).await?);
    let titles = async |condition: Predicate<Book>| -> Result<String> {
        let books = Book::filter(condition).all(db).await?;
        Ok(books.into_iter().map(|book| book.title).collect())
    };
    assert_eq!(titles(Book::topics.count().eq(1)).await?, "A");
    assert_eq!(titles(Book::topics.any(Topic::label.eq("hidden"))).await?, "");
    assert_eq!(titles(Book::topics.any(Topic::label.eq("seen") | Topic::label.eq("hidden"))).await?, "A");
    assert_eq!(titles(Book::topics.exists()).await?, "A");
    assert_eq!(Topic::filter(Topic::books.count().eq(1)).count(db).await?, 1);
    assert_eq!(Shelf::filter(Shelf::books.any(Book::topics.filter(Topic::id.gt(0)).count().eq(2))).count(db).await?, 0);
    db.drop_tables(tables()).await
}

/// What a scope hides is not loaded; a row that may be hidden is an `Option`.
pub async fn hidden_rows_are_not_loaded(db: &Db) -> Result<()> {
    let shelf = library(db).await?;
    let all = Shelf::query().with(Shelf::books.with(Book::author).with(Book::topics));
    let all = assert_queries!(3, all.get(db).await?);
    let found: Vec<_> =
        all.books.iter().map(|book| (book.title.as_str(), book.author.is_some(), book.topics.len())).collect();
    assert_eq!(found, [("A", true, 1), ("C", false, 0)]);
    let every = assert_queries!(2, Shelf::query().with(Shelf::books.unscoped()).get(db).await?);
    assert_eq!(every.books.len(), 3);
    let every = Shelf::query().with(Shelf::books.with_deleted().order_by(Book::title.desc()).limit(2));
    let every = assert_queries!(2, every.get(db).await?);
    assert_eq!(every.books.iter().map(|book| book.title.as_str()).collect::<String>(), "CB");
    let first = assert_queries!(2, Shelf::query().with(Shelf::books.limit(2)).get(db).await?);
    assert_eq!(first.books.iter().map(|book| book.title.as_str()).collect::<String>(), "AC");
    assert_eq!((Shelf::books.of(&shelf).count(db).await?, Shelf::books.of(&shelf).unscoped().count(db).await?), (2, 3));
    let topics = assert_queries!(2, Topic::query().with(Topic::books).get(db).await?);
    assert_eq!(topics.books.iter().map(|book| book.title.as_str()).collect::<String>(), "A");
    db.drop_tables(tables()).await
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "rel_countries", has_many(towns: Town.country), many_to_many(tongues: Tongue, table = "rel_spoken"))]
struct Country {
    #[covet(primary_key, max_length = 2)]
    code: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "rel_towns", has_many(streets: Street.town))]
struct Town {
    #[covet(primary_key)]
    id: Uuid,
    country: ForeignKey<Country>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "rel_streets")]
struct Street {
    id: u64,
    town: ForeignKey<Town>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "rel_tongues", many_to_many(countries: Country.tongues))]
struct Tongue {
    #[covet(primary_key, uuid = "text")]
    id: Uuid,
}

/// Keys may be texts, UUIDs (as text too) and unsigned numbers.
pub async fn keys_of_other_types_lead_to_rows(db: &Db) -> Result<()> {
    let tables = models![Country, Town, Street, Tongue];
    db.drop_tables(tables).await?;
    db.create_tables(tables).await?;
    let at = Country::create().code("AT").save(db).await?;
    let se = Country::create().code("SE").save(db).await?;
    let graz = Town::create().id(Uuid::from_u128(7)).country(&at).save(db).await?;
    Town::create().id(Uuid::from_u128(8)).country(&at).save(db).await?;
    Street::create().town(&graz).save(db).await?;
    let tongues = [Uuid::from_u128(1), Uuid::from_u128(2)];
    for id in tongues {
        Tongue::create().id(id).save(db).await?;
    }
    Country::tongues.of(&at).add(tongues).exec(db).await?;
    Country::tongues.of(&se).set([tongues[1]]).exec(db).await?;
    let towns = Country::towns.with(Town::streets).order_by(Town::id.asc());
    let query = Country::query().with(towns).with(Country::tongues.order_by(Tongue::id.asc()));
    let countries = assert_queries!(4, query.order_by(Country::code.asc()).all(db).await?);
    let found: Vec<_> = countries.iter().map(|one| (one.towns.len(), one.tongues.len())).collect();
    assert_eq!(found, [(2, 2), (0, 1)]);
    assert_eq!((countries[0].towns[0].streets.len(), countries[0].towns[1].streets.len()), (1, 0));
    assert_eq!(Country::filter(Country::tongues.any(Tongue::id.eq(tongues[0]))).count(db).await?, 1);
    assert!(Tongue::countries.of(&Tongue { id: tongues[1] }).contains(&se, db).await?);
    Country::tongues.of(&at).toggle([tongues[0]]).exec(db).await?;
    assert_eq!(Country::tongues.of(&at).count(db).await?, 1);
    db.drop_tables(tables).await
}

//! Foreign keys to a unique column that is not the primary key.

use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "ref_countries", unique(iso), has_many(cities: City.country), has_one(anthem: Anthem.country))]
struct Country {
    id: i64,
    #[covet(unique, max_length = 2)]
    code: String,
    #[covet(max_length = 3)]
    iso: String,
    #[covet(unique)]
    number: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "ref_cities", many_to_many(guests: Country through Visit(city, country)))]
struct City {
    id: i64,
    name: String,
    #[covet(references = code)]
    country: ForeignKey<Country, String>,
    #[covet(references = number)]
    twin: Option<ForeignKey<Country, i32>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "ref_anthems")]
struct Anthem {
    id: i64,
    title: String,
    #[covet(references = iso)]
    country: OneToOne<Country, String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "ref_visits")]
struct Visit {
    id: i64,
    city: ForeignKey<City>,
    #[covet(references = iso)]
    country: ForeignKey<Country, String>,
}

/// Austria with Wien and Graz, of which Wien has Germany as its twin, and an anthem; Germany without.
async fn countries(db: &Db) -> Result<[Country; 2]> {
    let tables = models![Country, City, Anthem, Visit];
    db.drop_tables(tables).await?;
    db.create_tables(tables).await?;
    // Keys that are not the numbers, so that one in place of the other is found out.
    Country::create().code("XX").iso("XXX").number(0).save(db).await?;
    let at = Country::create().code("AT").iso("AUT").number(40).save(db).await?;
    let de = Country::create().code("DE").iso("DEU").number(276).save(db).await?;
    City::create().name("Wien").country(&at).twin(&de).save(db).await?;
    City::create().name("Graz").country("AT").save(db).await?;
    Anthem::create().title("Berge").country(&at).save(db).await?;
    Ok([at, de])
}

fn names(cities: &[City]) -> String {
    cities.iter().map(|city| city.name.as_str()).collect::<Vec<_>>().join(" ")
}

async fn cities(db: &Db, condition: Predicate<City>) -> Result<String> {
    Ok(names(&City::filter(condition).order_by(City::name.asc()).all(db).await?))
}

/// A row gives the value of the column that is referred to, wherever a value is taken.
pub async fn rows_give_the_column_that_is_referred_to(db: &Db) -> Result<()> {
    let [at, de] = countries(db).await?;
    let wien = City::filter(City::name.eq("Wien")).get(db).await?;
    assert_eq!((wien.country.key().as_str(), wien.twin.map(ForeignKey::into_key)), ("AT", Some(276)));
    assert_eq!(cities(db, City::country_id.eq(&at)).await?, "Graz Wien");
    assert_eq!(cities(db, City::country_id.eq("AT")).await?, "Graz Wien");
    assert_eq!(cities(db, City::country_id.ne(&at)).await?, "");
    assert_eq!(cities(db, City::country_id.in_([&de, &at])).await?, "Graz Wien");
    assert_eq!(cities(db, City::country_id.between(&at, &de)).await?, "Graz Wien");
    assert_eq!(cities(db, City::twin_id.eq(&de)).await?, "Wien");
    assert_eq!(cities(db, City::twin_id.in_([&de])).await?, "Wien");
    assert_eq!(cities(db, City::twin_id.is_distinct_from(&de)).await?, "Graz");
    let changed = City::query().update((City::country_id.set(&de), City::twin_id.set(&at))).exec(db).await?;
    assert_eq!(changed, 2);
    assert_eq!(cities(db, City::country_id.eq("DE") & City::twin_id.eq(40)).await?, "Graz Wien");
    Ok(())
}

/// The database knows the constraint.
pub async fn references_are_checked(db: &Db) -> Result<()> {
    let [_, de] = countries(db).await?;
    let unknown = City::create().name("Oz").country("OZ").save(db).await.expect_err("no such country");
    assert_eq!(unknown.kind(), ErrorKind::ForeignKeyViolation);
    let unknown = City::create().name("Oz").country("DE").twin(7).save(db).await.expect_err("no such number");
    assert_eq!(unknown.kind(), ErrorKind::ForeignKeyViolation);
    let used = Country::filter(Country::code.eq("AT")).delete(db).await.expect_err("it has cities");
    assert_eq!(used.kind(), ErrorKind::ForeignKeyViolation);
    Anthem::create().title("Einigkeit").country(&de).save(db).await?;
    let second = Anthem::create().title("Heil").country(&de).save(db).await.expect_err("it has one");
    assert_eq!(second.kind(), ErrorKind::UniqueViolation);
    Ok(())
}

/// Paths join over the column; what is the foreign key itself is not joined.
pub async fn references_are_joined_by_their_column(db: &Db) -> Result<()> {
    countries(db).await?;
    assert_eq!(cities(db, City::country.number.eq(40)).await?, "Graz Wien");
    assert_eq!(cities(db, City::twin.code.eq("DE")).await?, "Wien");
    assert_eq!(cities(db, City::twin.code.is_null()).await?, "Graz");
    let sql = City::filter(City::country.code.eq("AT") & City::twin.number.is_null()).to_sql(db.dialect())?;
    assert!(!sql.text.contains("JOIN"), "{sql}");
    assert_eq!(Country::filter(Country::cities.any(City::name.eq("Graz"))).count(db).await?, 1);
    assert_eq!(Country::filter(Country::cities.is_empty()).count(db).await?, 2);
    assert_eq!(Country::filter(Country::cities.count().eq(2)).get(db).await?.code, "AT");
    assert_eq!(Country::filter(City::twin.reverse().exists()).get(db).await?.code, "DE");
    assert_eq!(Country::filter(Country::anthem.title.eq("Berge")).get(db).await?.code, "AT");
    Ok(())
}

/// Related rows load both ways, and belong to a row in hand.
pub async fn references_load_both_ways(db: &Db) -> Result<()> {
    let [at, de] = countries(db).await?;
    let loaded = City::query().with(City::country).with(City::twin).order_by(City::name.asc()).all(db).await?;
    assert_eq!(loaded.iter().map(|city| city.country.id).collect::<Vec<_>>(), [at.id, at.id]);
    assert_eq!(
        loaded.iter().map(|city| city.twin.as_ref().map(|twin| twin.id)).collect::<Vec<_>>(),
        [None, Some(de.id)]
    );
    let back = Country::query()
        .with(Country::cities.order_by(City::name.asc()).limit(1))
        .with(Country::anthem)
        .order_by(Country::code.asc())
        .all(db)
        .await?;
    assert_eq!(back.iter().map(|one| names(&one.cities)).collect::<Vec<_>>(), ["Graz", "", ""]);
    assert_eq!(back[0].anthem.as_ref().map(|anthem| anthem.title.as_str()), Some("Berge"));
    assert_eq!(back[1].anthem, None);
    let wien = City::twin.reverse().of(&de).get(db).await?;
    assert_eq!(wien.name, "Wien");
    assert_eq!(City::country.of(&wien).get(db).await?, at);
    assert_eq!(City::twin.of(&wien).get(db).await?, de);
    assert_eq!(Country::cities.of(&at).count(db).await?, 2);
    Ok(())
}

/// A join table may refer to another column; its links are made as rows.
pub async fn join_tables_may_refer_to_another_column(db: &Db) -> Result<()> {
    let [at, de] = countries(db).await?;
    let wien = City::filter(City::name.eq("Wien")).get(db).await?;
    let refused = City::guests.of(&wien).add([&at]).exec(db).await.expect_err("not by its key");
    assert_eq!(refused.kind(), ErrorKind::Configuration);
    let refused = City::guests.of(&wien).contains(&at, db).await.expect_err("not by its key");
    assert_eq!(refused.to_string().matches("`iso`").count(), 1, "{refused}");
    Visit::create().city(&wien).country(&de).save(db).await?;
    assert_eq!(City::guests.of(&wien).all(db).await?, [de]);
    let loaded = City::query().with(City::guests).order_by(City::name.desc()).all(db).await?;
    assert_eq!(loaded.iter().map(|city| city.guests.len()).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(cities(db, City::guests.any(Country::number.eq(276))).await?, "Wien");
    assert_eq!(City::guests.of(&wien).clear().exec(db).await?, 1);
    Ok(())
}

//! Tables in schemas: `#[covet(schema = "..")]`.

use crate::models::Colour;
use covet::{backend::Db, error::Result, prelude::*, query::Outcome};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(
    table = "schemas_people",
    schema = "covet_app",
    comment = "in a schema",
    check(grown = Person::age.gte(18)),
    unique(name, age),
    index(age, -name)
)]
struct Person {
    id: i64,
    #[covet(max_length = 40, unique, comment = "of the person")]
    name: String,
    #[covet(index, db_default = 20)]
    age: i32,
    mood: Option<Colour>,
}

/// The same table in another place.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schemas_people")]
struct Namesake {
    id: i64,
    #[covet(max_length = 40, unique)]
    name: String,
    age: i32,
}

async fn people(db: &Db) -> Result<()> {
    db.drop_tables(models![Visit, Place, Person, Namesake]).await?;
    db.create_tables(models![Namesake, Person]).await?;
    Namesake::create().name("Ann").age(1).save(db).await.map(drop)
}

/// Tables of one name in two schemas are two tables, whatever is done with their rows.
pub async fn tables_of_one_name_stay_apart(db: &Db) -> Result<()> {
    people(db).await?;
    let ann = Person::create().name("Ann").mood(Colour::Red).save(db).await?;
    assert_eq!((ann.age, Person::find(&ann).get(db).await?), (20, ann.clone()));
    let many = |from: i32, to: i32| (from..to).map(|n| Person::create().name(format!("{n}")).age(n).build());
    assert_eq!(Person::bulk_create(many(18, 20)).exec(db).await?, 2);
    // Enough for a COPY.
    assert_eq!(Person::bulk_create(many(1_000, 4_000)).exec(db).await?, 3_000);
    let mut rows = Person::bulk_create(many(30, 33)).returning(db).await?;
    rows.iter_mut().for_each(|row| row.mood = Some(Colour::NavyBlue));
    assert_eq!(Person::bulk_update(&rows, Person::mood).exec(db).await?, 3);
    assert_eq!(Person::filter(Person::mood.eq(Colour::NavyBlue)).count(db).await?, 3);
    let older = Person::filter(Person::age.lt(33)).update(Person::age.set(Person::age + 100)).returning(db).await?;
    assert_eq!(older.len(), 6);
    let slice = Person::query().order_by(Person::age.desc()).limit(3_000);
    assert_eq!(slice.delete(db).await?, 3_000);
    let (again, created) =
        Person::get_or_create(Person::create().name("Ann").build()).by(Person::name).save(db).await?;
    assert_eq!((again.id, created), (ann.id, false));
    let new = Person::create().name("Ann").age(50);
    let (row, outcome) = new.on_conflict(Person::name).update((Person::age,)).save(db).await?;
    assert_eq!((row.id, row.age, outcome), (ann.id, 50, Outcome::Updated));
    let ignored = Person::bulk_create(many(30, 35)).ignore_conflicts().exec(db).await?;
    assert_eq!(ignored, 2);
    let changed = Person::bulk_create(many(30, 35)).update_conflicts(Person::name, Person::age).exec(db).await?;
    assert_eq!(changed, 5);
    assert_eq!(Person::find(&ann).delete_returning(db).await?, [row]);
    assert!(Person::filter(Person::name.eq("30")).exists(db).await?);
    assert_eq!(Person::query().delete(db).await?, 7);
    assert_eq!(Namesake::query().get(db).await?.name, "Ann");
    Ok(())
}

/// Violations name the constraints and columns of a table in a schema.
pub async fn violations_name_their_columns(db: &Db) -> Result<()> {
    people(db).await?;
    let ann = Person::create().name("Ann").save(db).await?;
    let error = Person::create().name("Ann").age(30).save(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!((error.constraint(), error.table()), (Some("schemas_people_name_key"), Some("schemas_people")));
    assert_eq!(error.columns(), ["name"], "{error:?}");
    let error = Person::create().name("Bob").age(17).save(db).await.unwrap_err();
    assert!(error.is_check_violation(), "{error:?}");
    assert_eq!((error.constraint(), error.columns()), (Some("schemas_people_grown_check"), &["age".to_owned()][..]));
    Visit::tables(db).await?;
    let error = Visit::create().person(ann.id + 1).save(db).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error:?}");
    assert_eq!(
        (error.constraint(), error.columns()),
        (Some("schemas_visits_person_id_fkey"), &["person_id".to_owned()][..])
    );
    Ok(())
}

/// In another schema than what it refers to; places stand in none.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schemas_visits", schema = "covet \"other\" `app`")]
struct Visit {
    id: i64,
    person: ForeignKey<Person>,
    place: Option<ForeignKey<Place>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schemas_places")]
struct Place {
    id: i64,
    #[covet(max_length = 40)]
    name: String,
    last: Option<ForeignKey<Visit>>,
}

impl Visit {
    async fn tables(db: &Db) -> Result<()> {
        db.drop_tables(models![Visit, Place, Person]).await?;
        db.create_tables(models![Visit, Place, Person]).await
    }
}

/// Foreign keys lead from schema to schema, in a circle too, and so do queries.
pub async fn relations_lead_across_schemas(db: &Db) -> Result<()> {
    Visit::tables(db).await?;
    let ann = Person::create().name("Ann").save(db).await?;
    let place = Place::create().name("Bonn").save(db).await?;
    let visit = Visit::create().person(&ann).place(&place).save(db).await?;
    Visit::create().person(&ann).save(db).await?;
    assert_eq!(Place::find(&place).update(Place::last_id.set(&visit)).exec(db).await?, 1);
    let there = Visit::person.name.eq("Ann") & Visit::place.name.eq("Bonn");
    assert_eq!(Visit::filter(there).get(db).await?, visit);
    let ordered = Visit::query().order_by((Visit::place.name.desc(), Visit::person.age.asc())).all(db).await?;
    assert_eq!(ordered[0], visit);
    assert_eq!(Place::filter(Place::last.person.name.eq("Ann")).count(db).await?, 1);
    assert!(Place::create().name("Ulm").last(-1).save(db).await.is_err_and(|error| error.is_foreign_key_violation()));
    assert!(Visit::create().person(-1).save(db).await.is_err_and(|error| error.is_foreign_key_violation()));
    assert!(Visit::create().person(&ann).place(-1).save(db).await.is_err_and(|error| error.is_foreign_key_violation()));
    Place::query().update(Place::last_id.set(None)).exec(db).await?;
    assert_eq!(Visit::filter(Visit::place.name.eq("Bonn")).update(Visit::place_id.set(None)).exec(db).await?, 1);
    assert_eq!(Visit::filter(Visit::person.name.eq("Ann")).delete(db).await?, 2);
    db.drop_tables(models![Person, Place, Visit]).await?;
    assert!(Visit::query().count(db).await.is_err());
    // Schemas stay, and dropping tables that are not there is no error.
    db.drop_tables(models![Person, Place, Visit]).await
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schemas_never", schema = "covet_never_made")]
struct Never {
    id: i64,
}

/// A schema that does not exist has no tables to drop.
pub async fn absent_schemas_are_passed_over(db: &Db) -> Result<()> {
    db.drop_tables(models![Never]).await
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schemas_elsewhere", schema(pg = "covet_app", mysql = "covet_app"))]
struct Elsewhere {
    id: i64,
}

/// Named for some engines, it is none on the others; the description of the table says which.
pub async fn schemas_are_named_for_each_engine(db: &Db) -> Result<()> {
    assert_eq!(Person::schema().schema_on("pg"), Some("covet_app"));
    assert_eq!(Namesake::schema().schema_on("pg"), None);
    let here = Elsewhere::schema().schema_on(db.dialect().short_name());
    assert_eq!(here, (db.dialect().short_name() != "sqlite").then_some("covet_app"));
    db.drop_tables(models![Elsewhere]).await?;
    db.create_tables(models![Elsewhere]).await?;
    Elsewhere::create().save(db).await?;
    assert_eq!(Elsewhere::query().count(db).await?, 1);
    db.drop_tables(models![Elsewhere]).await
}

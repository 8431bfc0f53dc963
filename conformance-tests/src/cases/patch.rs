//! Patches and JSON of rows; rows that are equal by their key.

use chrono::{DateTime, NaiveDate, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    value::Json,
};
use covet_macros::{DbEnum, Embed, Model};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashSet;

#[derive(DbEnum, Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Size {
    Small,
    Large,
}

#[derive(Model, Serialize, Deserialize, Clone, Debug)]
#[covet(table = "patched_shelves", eq_by_pk)]
struct Shelf {
    id: i64,
    name: String,
}

#[derive(Model, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[covet(table = "patched_products", patch)]
struct Product {
    id: i64,
    name: String,
    note: Option<String>,
    #[covet(decimal(10, 2))]
    price: Decimal,
    size: Size,
    shelf: Option<ForeignKey<Shelf>>,
    day: NaiveDate,
    tags: Json<Vec<String>>,
    document: Option<serde_json::Value>,
    #[covet(auto_now)]
    changed: DateTime<Utc>,
    #[covet(version)]
    version: i32,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "patched_spots", primary_key(shelf, number), eq_by_pk)]
struct Spot {
    shelf: ForeignKey<Shelf>,
    number: i32,
    label: String,
}

fn moment() -> DateTime<Utc> {
    "2026-11-21T20:00:00.25Z".parse().unwrap()
}

async fn product(db: &Db) -> Result<(Db, Shelf, Product)> {
    db.drop_tables(models![Shelf, Product]).await?;
    db.create_tables(models![Shelf, Product]).await?;
    let db = db.with_clock(moment);
    let shelf = Shelf::create().name("left").save(&db).await?;
    let product = Product::create()
        .name("cup")
        .note("blue")
        .price("1.50".parse::<Decimal>().unwrap())
        .size(Size::Small)
        .shelf(&shelf)
        .day(NaiveDate::from_ymd_opt(2026, 1, 31).unwrap())
        .tags(Json(vec!["a".to_owned()]))
        .save(&db)
        .await?;
    Ok((db, shelf, product))
}

fn patch(json: serde_json::Value) -> Result<ProductPatch, serde_json::Error> {
    serde_json::from_value(json)
}

/// A patch changes the fields that it has: in the database by an update, or in a row that is saved then.
pub async fn a_patch_sets_what_it_has(db: &Db) -> Result<()> {
    let (db, _, mut product) = product(db).await?;
    let all = json!({"name": "mug", "price": "2.25", "size": "large", "day": "2026-02-01", "tags": ["b", "c"]});
    assert_eq!(Product::find(&product).patch(patch(all.clone()).unwrap()).exec(&db).await?, 1);
    let read = Product::find(&product).get(&db).await?;
    assert_eq!((read.name.as_str(), read.price, read.size), ("mug", "2.25".parse().unwrap(), Size::Large));
    assert_eq!((read.note.as_deref(), read.shelf, read.version), (Some("blue"), product.shelf, 2));
    assert_eq!(
        (read.tags.as_slice(), read.day.to_string().as_str()),
        (["b".to_owned(), "c".to_owned()].as_slice(), "2026-02-01")
    );
    patch(all).unwrap().apply(&mut product);
    assert_eq!(Product { version: 2, ..product.clone() }, read);
    assert!(product.save(&db).await.is_err_and(|error| error.is_stale()));
    // Of nothing it is no change.
    assert_eq!(Product::query().patch(ProductPatch::default()).exec(&db).await?, 1);
    let by_hand = ProductPatch { name: Some("jar".to_owned()), ..Default::default() };
    assert_eq!(Product::query().update((by_hand, Product::note.set("x"))).exec(&db).await?, 1);
    let read = Product::find(&product).get(&db).await?;
    assert_eq!((read.name.as_str(), read.note.as_deref(), read.version), ("jar", Some("x"), 3));
    Ok(())
}

/// A field that is absent stays, `null` empties it.
pub async fn null_and_absent_are_kept_apart(db: &Db) -> Result<()> {
    let (db, _, product) = product(db).await?;
    let empty = patch(json!({})).unwrap();
    assert_eq!((empty.note, empty.shelf, empty.name), (None, None, None));
    let null = patch(json!({"note": null})).unwrap();
    assert_eq!((&null.note, &null.shelf), (&Some(None), &None));
    Product::find(&product).patch(null).exec(&db).await?;
    let read = Product::find(&product).get(&db).await?;
    assert_eq!((read.note, read.shelf), (None, product.shelf));
    assert!(patch(json!({"name": null})).is_err());
    let shelf = patch(json!({"shelf": 77})).unwrap();
    assert_eq!(shelf.shelf, Some(Some(ForeignKey::new(77))));
    let error = Product::find(&product).patch(shelf).exec(&db).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error:?}");
    Ok(())
}

/// The key, what covet sets, names that do not exist and names given twice are refused.
pub async fn unknown_and_protected_fields_are_refused(_: &Db) -> Result<()> {
    for name in ["id", "changed", "version", "nam", "shelf_id", ""] {
        let error = patch(json!({"name": "mug", name: 1})).map(drop).unwrap_err().to_string();
        assert!(error.contains(&format!("unknown field `{name}`")), "{error}");
        assert!(error.contains("`price`") && !error.contains("mug"), "{error}");
    }
    let twice = serde_json::from_str::<ProductPatch>(r#"{"name": "a", "name": "b"}"#).map(drop).unwrap_err();
    assert!(twice.to_string().contains("duplicate field `name`"), "{twice}");
    Ok(())
}

/// A patch is a write: its values must meet the rules of the model.
pub async fn a_patch_is_validated(db: &Db) -> Result<()> {
    let (db, _, product) = product(db).await?;
    let error = Product::find(&product).patch(patch(json!({"name": ""})).unwrap()).exec(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation, "{error:?}");
    assert_eq!(Product::find(&product).get(&db).await?, product);
    Ok(())
}

/// Rows are JSON by serde's own derive: date-times as RFC 3339, decimals as texts, foreign keys as their keys,
/// documents as documents; and become rows again.
pub async fn rows_are_written_as_json(db: &Db) -> Result<()> {
    let (db, shelf, mut product) = product(db).await?;
    product.document = Some(json!({"k": [1, null]}));
    product.save(&db).await?;
    let read = Product::find(&product).get(&db).await?;
    let written = serde_json::to_value(&read).unwrap();
    let expected = json!({
        "id": product.id, "name": "cup", "note": "blue", "price": "1.50", "size": "small", "shelf": shelf.id,
        "day": "2026-01-31", "tags": ["a"], "document": {"k": [1, null]}, "changed": "2026-11-21T20:00:00.250Z",
        "version": 2,
    });
    assert_eq!(written, expected);
    assert_eq!(serde_json::from_value::<Product>(written).unwrap(), read);
    Ok(())
}

/// With `eq_by_pk` two rows are equal when their keys are, whatever else they hold.
pub async fn equality_by_key(_: &Db) -> Result<()> {
    let shelf = |id, name: &str| Shelf { id, name: name.to_owned() };
    assert_eq!(shelf(1, "a"), shelf(1, "b"));
    assert_ne!(shelf(1, "a"), shelf(2, "a"));
    assert_eq!(HashSet::from([shelf(1, "a"), shelf(1, "b"), shelf(2, "a")]).len(), 2);
    let spot = |shelf, number, label: &str| Spot { shelf: ForeignKey::new(shelf), number, label: label.to_owned() };
    assert_eq!(spot(1, 2, "a"), spot(1, 2, "b"));
    assert!(spot(1, 2, "a") != spot(1, 3, "a") && spot(1, 2, "a") != spot(2, 2, "a"));
    assert_eq!(HashSet::from([spot(1, 2, "a"), spot(1, 2, "b"), spot(2, 1, "a")]).len(), 2);
    Ok(())
}

#[derive(Embed, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[covet(patch)]
struct Point {
    lat: i32,
    lon: Option<i32>,
}

#[derive(Embed, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[covet(patch)]
struct Address {
    #[covet(max_length = 10)]
    city: String,
    #[covet(sensitive)]
    door: Option<String>,
    #[covet(read_only, default)]
    checked: bool,
    #[covet(flatten, prefix = "at_")]
    point: Point,
}

#[derive(Model, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[covet(table = "patched_houses", patch)]
struct House {
    #[covet(flatten, prefix = "home_")]
    home: Address,
    id: i64,
    name: String,
}

/// A part is an object in the object: what it has is set, in rows and in hand, and the rest stays.
pub async fn parts_have_patches(db: &Db) -> Result<()> {
    db.drop_tables(models![House]).await?;
    db.create_tables(models![House]).await?;
    let point = Point { lat: 1, lon: Some(2) };
    let home = Address { city: "Graz".to_owned(), door: Some("3".to_owned()), checked: true, point };
    let mut house = House::create().name("one").home(home.clone()).save(db).await?;
    let patch = |json: serde_json::Value| serde_json::from_value::<HousePatch>(json);
    let some = patch(json!({"name": "two", "home": {"door": null, "point": {"lat": 5}}})).unwrap();
    assert_eq!(House::find(&house).patch(some.clone()).exec(db).await?, 1);
    let changed = Address { door: None, point: Point { lat: 5, lon: Some(2) }, ..home.clone() };
    let stored = House::find(&house).get(db).await?;
    assert_eq!(stored, House { name: "two".to_owned(), home: changed, ..house.clone() });
    some.apply(&mut house);
    assert_eq!(house, stored);
    let mut typed = HousePatch::default();
    typed.home.point.lon = Some(None);
    typed.home.city = Some("too long a city".to_owned());
    let error = House::find(&house).patch(typed).exec(db).await.map(|rows| panic!("{rows} rows")).unwrap_err();
    assert!(error.kind() == ErrorKind::Validation && error.to_string().contains("home.city"), "{error}");
    for wrong in [json!({"home": {"checked": false}}), json!({"home": {"x": 1}}), json!({"home": null})] {
        assert!(patch(wrong.clone()).is_err(), "{wrong}");
    }
    assert_eq!(House::find(&house).patch(patch(json!({"home": {}})).unwrap()).exec(db).await?, 1);
    assert_eq!(House::find(&house).get(db).await?, stored);
    let shown = format!("{:?}", patch(json!({"home": {"city": "Wien", "door": "secret"}})).unwrap());
    assert!(shown.contains("Wien") && !shown.contains("secret"), "{shown}");
    Ok(())
}

//! New rows from JSON.

use chrono::{DateTime, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    query::New,
};
use covet_macros::{Embed, Model};
use serde_json::{Value, json};

#[derive(Embed, Clone, Debug, PartialEq)]
#[covet(insertable)]
struct Street {
    name: String,
    #[covet(default = 1)]
    number: i32,
}

#[derive(Embed, Clone, Debug, PartialEq)]
#[covet(insertable)]
struct Place {
    city: String,
    code: Option<String>,
    #[covet(flatten, prefix = "street_")]
    street: Street,
    #[covet(auto_now)]
    moved: DateTime<Utc>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "insertable_writers", insertable, patch)]
struct Writer {
    id: i64,
    #[covet(max_length = 20)]
    name: String,
    #[covet(flatten, prefix = "home_")]
    home: Place,
    note: Option<String>,
    #[covet(default = 18)]
    age: i32,
    friend: Option<ForeignKey<Writer>>,
    #[covet(default = 5, read_only)]
    rank: i32,
    #[covet(db_default = 3)]
    level: i32,
    #[covet(generated = "age * 2", stored)]
    twice: i32,
    #[covet(sensitive)]
    pin: i32,
    #[covet(sensitive)]
    hint: Option<String>,
    #[covet(auto_now_add)]
    created: DateTime<Utc>,
    #[covet(version)]
    version: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "insertable_tags", insertable)]
struct Tag {
    #[covet(primary_key)]
    slug: String,
    #[covet(default)]
    weight: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "insertable_folders", insertable, patch)]
struct Folder {
    id: i64,
    name: String,
    #[covet(tenant)]
    owner: i64,
    #[covet(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

fn moment() -> DateTime<Utc> {
    "2026-11-21T20:00:00.25Z".parse().unwrap()
}

async fn database(db: &Db) -> Result<Db> {
    db.drop_tables(models![Writer, Tag, Folder]).await?;
    db.create_tables(models![Writer, Tag, Folder]).await?;
    Ok(db.with_clock(moment))
}

fn new(json: Value) -> Result<New<Writer>, serde_json::Error> {
    serde_json::from_value(json)
}

fn least() -> Value {
    json!({"name": "Ann", "pin": 1234, "home": {"city": "Oslo", "street": {"name": "Gate"}}})
}

/// What is absent has its default or is NULL, what covet sets is set, and what is there is stored.
pub async fn new_rows_come_from_json(db: &Db) -> Result<()> {
    let db = database(db).await?;
    let ann = new(least()).unwrap().save(&db).await?;
    let street = Street { name: "Gate".to_owned(), number: 1 };
    let home = Place { city: "Oslo".to_owned(), code: None, street, moved: moment() };
    let expected = Writer {
        id: ann.id,
        name: "Ann".to_owned(),
        home,
        note: None,
        age: 18,
        friend: None,
        rank: 5,
        level: 3,
        twice: 36,
        pin: 1234,
        hint: None,
        created: moment(),
        version: 1,
    };
    assert_eq!(ann, expected);
    let home = json!({"city": "Rome", "code": "00100", "street": {"name": "Via", "number": 7}});
    let all = json!({
        "name": "Bob", "home": home, "note": "x", "age": 3, "friend": ann.id, "level": 8, "pin": 1,
        "hint": null,
    });
    let bob = new(all).unwrap().save(&db).await?;
    assert_eq!((bob.note.as_deref(), bob.age, bob.friend), (Some("x"), 3, Some(ForeignKey::new(ann.id))));
    assert_eq!((bob.rank, bob.level, bob.twice), (5, 8, 6));
    assert_eq!((bob.home.code.as_deref(), bob.home.street.number), (Some("00100"), 7));
    assert_eq!(Writer::query().order_by(Writer::id.asc()).all(&db).await?, [ann, bob]);
    // A key that the program makes is a field as the others are.
    let tag: New<Tag> = serde_json::from_str(r#"{"slug": "red"}"#).unwrap();
    assert_eq!(tag.save(&db).await?, Tag { slug: "red".to_owned(), weight: 0 });
    Ok(())
}

/// Whose a row is, and whether it is deleted, is not for JSON to say.
pub async fn tenant_and_deletion_are_not_from_json(db: &Db) -> Result<()> {
    let db = database(db).await?.with_tenant(7_i64);
    for json in [json!({"name": "a", "owner": 8}), json!({"name": "a", "deleted_at": null})] {
        let error = serde_json::from_value::<New<Folder>>(json.clone()).map(drop).unwrap_err().to_string();
        assert!(error.contains("unknown field"), "{error}");
        let error = serde_json::from_value::<FolderPatch>(json).map(drop).unwrap_err().to_string();
        assert!(error.contains("unknown field"), "{error}");
    }
    let folder: New<Folder> = serde_json::from_value(json!({"name": "a"})).unwrap();
    let folder = folder.save(&db).await?;
    assert_eq!((folder.owner, folder.deleted_at), (7, None));
    Ok(())
}

/// A list of objects is a bulk insert.
pub async fn new_rows_go_into_bulks_and_upserts(db: &Db) -> Result<()> {
    let db = database(db).await?;
    let tags: Vec<New<Tag>> = serde_json::from_str(r#"[{"slug": "red", "weight": 3}, {"slug": "blue"}]"#).unwrap();
    Tag::bulk_create(tags).exec(&db).await?;
    let read: Vec<_> = Tag::query().order_by(Tag::slug.asc()).all(&db).await?;
    assert_eq!(read.iter().map(|tag| (tag.slug.as_str(), tag.weight)).collect::<Vec<_>>(), [("blue", 0), ("red", 3)]);
    let tag: New<Tag> = serde_json::from_value(json!({"slug": "red", "weight": 9})).unwrap();
    tag.on_conflict(Tag::slug).update((Tag::weight,)).save(&db).await?;
    assert_eq!(Tag::find("red").get(&db).await?.weight, 9);
    Ok(())
}

/// Fields that are absent and have no default are all named, those of parts too.
pub async fn absent_fields_are_named(_: &Db) -> Result<()> {
    let missing = |json: Value| new(json).map(drop).unwrap_err().to_string();
    let mut one = least();
    one.as_object_mut().unwrap().remove("pin");
    assert_eq!(missing(one), "missing field `pin`");
    assert_eq!(missing(json!({"name": "Ann"})), "missing fields `home.city`, `home.street.name`, `pin`");
    let street = json!({"name": "Ann", "pin": 1, "home": {"city": "Oslo", "street": {}}});
    assert_eq!(missing(street), "missing field `home.street.name`");
    let text = serde_json::from_str::<New<Tag>>("{}").map(drop).unwrap_err().to_string();
    assert_eq!(text, "missing field `slug` at line 1 column 2");
    let mut null = least();
    null["name"] = Value::Null;
    assert!(missing(null).contains("null"));
    Ok(())
}

/// The key that numbers itself, what covet sets, and names that do not exist or come twice are refused.
pub async fn foreign_and_protected_fields_are_refused(_: &Db) -> Result<()> {
    for name in ["id", "created", "version", "rank", "twice", "nam", "friend_id", "home_city", ""] {
        let mut json = least();
        json[name] = json!(1);
        let error = new(json).map(drop).unwrap_err().to_string();
        assert!(error.contains(&format!("unknown field `{name}`")) && error.contains("`home`"), "{error}");
    }
    let mut json = least();
    json["home"]["moved"] = json!("2026-11-21T20:00:00Z");
    let error = new(json).map(drop).unwrap_err().to_string();
    assert!(error.contains("unknown field `moved`") && error.contains("`street`"), "{error}");
    let twice = serde_json::from_str::<New<Tag>>(r#"{"slug": "a", "slug": "b"}"#).map(drop).unwrap_err();
    assert!(twice.to_string().contains("duplicate field `slug`"), "{twice}");
    Ok(())
}

/// It is a write: its values must meet the rules of the model.
pub async fn new_rows_are_validated(db: &Db) -> Result<()> {
    let db = database(db).await?;
    let mut json = least();
    json["name"] = json!("x".repeat(21));
    let long = new(json).unwrap();
    assert!(long.validate().is_err());
    let error = long.clone().save(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation, "{error:?}");
    let error = Writer::bulk_create([long]).exec(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation, "{error:?}");
    assert_eq!(Writer::query().count(&db).await?, 0);
    Ok(())
}

/// Sensitive values are in no text: not of a new row, nor of a patch, nor of the error that refuses them.
pub async fn sensitive_values_from_json_are_not_shown(_: &Db) -> Result<()> {
    let text = format!("{:?}", new(least()).unwrap());
    assert!(text.contains("Ann") && text.contains("pin: <sensitive>") && !text.contains("1234"), "{text}");
    let patch: WriterPatch = serde_json::from_value(json!({"name": "Ann", "note": null, "pin": 1234})).unwrap();
    let copy = patch.clone();
    assert_eq!((copy.name.as_deref(), copy.note, copy.pin, copy.age), (Some("Ann"), Some(None), Some(1234), None));
    let text = format!("{patch:?}");
    assert_eq!(text, r#"WriterPatch { name: "Ann", note: NULL, pin: <sensitive> }"#);
    let mut json = least();
    json["pin"] = json!("secret");
    let error = new(json).map(drop).unwrap_err().to_string();
    assert_eq!(error, "the value of `pin` does not fit its type");
    let error = serde_json::from_value::<WriterPatch>(json!({"pin": "secret"})).map(drop).unwrap_err().to_string();
    assert_eq!(error, "the value of `pin` does not fit its type");
    Ok(())
}

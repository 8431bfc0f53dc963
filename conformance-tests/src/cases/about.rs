//! What a struct and its fields say beside what they hold: types in the database, collations, comments, texts for people.

use crate::models::batch;
use covet::{
    backend::Db,
    error::Result,
    prelude::*,
    query::{assert_safe, sql},
    schema::ColumnDef,
    value::{EnumDef, Value},
};
use covet_macros::{DbEnum, Model, SqlType};

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "about_types")]
struct Typed {
    id: i64,
    #[covet(sql_type(pg = "varchar(12)", mysql = "VARCHAR(12) CHARACTER SET ascii", sqlite = "ANY"))]
    code: String,
    #[covet(sql_type(pg = "varchar(30)", mariadb = "TINYTEXT"))]
    note: Option<String>,
}

/// The database's own word for the type of a column.
async fn type_of(db: &Db, column: &str) -> Result<String> {
    let question = match db.dialect().short_name() {
        "sqlite" => format!("SELECT type FROM pragma_table_info('about_types') WHERE name = '{column}'"),
        "pg" => format!(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute \
             WHERE attrelid = 'about_types'::regclass AND attname = '{column}'"
        ),
        _ => format!(
            "SELECT CAST(column_type AS CHAR) FROM information_schema.columns \
             WHERE table_schema = DATABASE() AND table_name = 'about_types' AND column_name = '{column}'"
        ),
    };
    let (found,) = sql(assert_safe(question)).rows::<(String,)>().get(db).await?;
    Ok(found.to_lowercase())
}

/// The type in the database is the user's where one is given, and covet's elsewhere; values pass as ever.
pub async fn sql_types_are_the_users(db: &Db) -> Result<()> {
    db.drop_tables(models![Typed]).await?;
    db.create_tables(models![Typed]).await?;
    let (code, note) = match db.dialect().short_name() {
        "sqlite" => ("any", "text"),
        "pg" => ("character varying(12)", "character varying(30)"),
        "mariadb" => ("varchar(12)", "tinytext"),
        _ => ("varchar(12)", "longtext"),
    };
    assert_eq!(type_of(db, "code").await?, code);
    assert_eq!(type_of(db, "note").await?, note);
    let saved = Typed::create().code("twelve chars").note("ü".to_owned()).save(db).await?;
    assert_eq!(Typed::filter(Typed::code.eq("twelve chars")).get(db).await?, saved);
    assert_eq!(Typed::filter(Typed::note.in_(["ü"]) & Typed::code.contains("lve")).count(db).await?, 1);
    let long = Typed::create().code("thirteen char").save(db).await;
    assert_eq!(long.is_err(), db.dialect().short_name() != "sqlite");
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "about_collations")]
struct Collated {
    id: i64,
    plain: String,
    #[covet(collate(
        pg = "en-x-icu",
        mysql = "utf8mb4_0900_as_ci",
        mariadb = "utf8mb4_general_ci",
        sqlite = "NOCASE"
    ))]
    name: String,
    #[covet(collate(
        pg = "en-x-icu",
        mysql = "utf8mb4_0900_as_ci",
        mariadb = "utf8mb4_general_ci",
        sqlite = "NOCASE"
    ))]
    #[covet(max_length = 9, index)]
    short: String,
}

/// A collation orders; without one the order is that of code points.
pub async fn collations_order(db: &Db) -> Result<()> {
    db.drop_tables(models![Collated]).await?;
    db.create_tables(models![Collated]).await?;
    for text in ["b", "A", "a2", "B2"] {
        Collated::create().plain(text).name(text).short(text).save(db).await?;
    }
    let texts = |rows: Vec<Collated>| rows.into_iter().map(|row| row.plain).collect::<Vec<_>>();
    assert_eq!(texts(Collated::query().order_by(Collated::plain.asc()).all(db).await?), ["A", "B2", "a2", "b"]);
    assert_eq!(texts(Collated::query().order_by(Collated::name.asc()).all(db).await?), ["A", "a2", "b", "B2"]);
    assert_eq!(texts(Collated::query().order_by(Collated::short.asc()).all(db).await?), ["A", "a2", "b", "B2"]);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "about_comments", comment = "it's a \\ \"table\" ü")]
struct Commented {
    id: i64,
    #[covet(comment = "it's a \\ column 'ü'")]
    name: String,
    #[covet(comment = "twice")]
    #[covet(generated(pg = "length(name)", mysql = "CHAR_LENGTH(name)", sqlite = "length(name)"))]
    length: i32,
}

/// Comments stand in the database, except on SQLite, which has none.
pub async fn comments_stand_in_the_database(db: &Db) -> Result<()> {
    db.drop_tables(models![Commented]).await?;
    db.create_tables(models![Commented]).await?;
    Commented::create().name("a").save(db).await?;
    let question = match db.dialect().short_name() {
        "sqlite" => return Ok(()),
        "pg" => {
            "SELECT obj_description('about_comments'::regclass), col_description('about_comments'::regclass, 2), \
             col_description('about_comments'::regclass, 3)"
        }
        _ => {
            "SELECT t.table_comment, \
             (SELECT CAST(c.column_comment AS CHAR) FROM information_schema.columns c WHERE c.column_name = 'name' \
             AND c.table_schema = DATABASE() AND c.table_name = 'about_comments'), \
             (SELECT CAST(c.column_comment AS CHAR) FROM information_schema.columns c WHERE c.column_name = 'length' \
             AND c.table_schema = DATABASE() AND c.table_name = 'about_comments') \
             FROM information_schema.tables t \
             WHERE t.table_schema = DATABASE() AND t.table_name = 'about_comments'"
        }
    };
    let found = sql(question).rows::<(String, String, String)>().get(db).await?;
    let expected = ("it's a \\ \"table\" ü", "it's a \\ column 'ü'", "twice");
    assert_eq!((found.0.as_str(), found.1.as_str(), found.2.as_str()), expected);
    Ok(())
}

#[derive(DbEnum, Clone, Copy, Debug, PartialEq)]
enum Status {
    Draft,
    #[covet(label = "Out now", value = "out")]
    Published,
    ToBeChecked,
}

#[derive(DbEnum, Clone, Copy, Debug, PartialEq)]
#[covet(repr = i16)]
enum Rank {
    #[covet(label = "None at all")]
    None = -1,
    First,
}

#[derive(SqlType, Clone, Copy, Debug, PartialEq)]
struct Wrapped(Status);

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(label = "article", label_plural = "many articles", comment = "for reading")]
struct AboutArticle {
    id: i64,
    /// The title,
    ///
    ///   as it is printed.
    #[covet(label = "Headline", max_length = 80, comment = "printed")]
    title: String,
    /// For programmers.
    #[covet(help = "where it stands", read_only)]
    status: Status,
    wrapped: Option<Wrapped>,
    rank: Option<Rank>,
}

/// What the struct says can be read from its table: its name, labels, help, comments, limits, choices.
pub async fn metadata_is_public(db: &Db) -> Result<()> {
    let table = AboutArticle::schema();
    assert_eq!((table.model, table.name), ("AboutArticle", "about_article"));
    assert_eq!((table.label, table.label_plural, table.comment), ("article", "many articles", "for reading"));
    let [id, title, status, wrapped, rank] = table.columns else { panic!("five columns") };
    assert_eq!((id.label, id.help, id.comment, id.choices, id.read_only), ("", "", "", None, false));
    assert_eq!((title.label, title.help), ("Headline", "The title,\n\n  as it is printed."));
    assert_eq!((title.comment, title.max_length, title.nullable), ("printed", Some(80), false));
    assert_eq!((status.help, status.read_only), ("where it stands", true));
    let choices = |column: &ColumnDef| column.choices.iter().copied().flat_map(EnumDef::choices).collect::<Vec<_>>();
    let text = |text: &str| Value::Text(text.into());
    let expected = [(text("draft"), "Draft"), (text("out"), "Out now"), (text("to_be_checked"), "To Be Checked")];
    assert_eq!(choices(status), expected);
    assert_eq!(choices(wrapped), expected);
    assert_eq!(choices(rank), [(Value::I64(-1), "None at all"), (Value::I64(0), "First")]);
    db.drop_tables(models![AboutArticle]).await?;
    db.create_tables(models![AboutArticle]).await?;
    let saved = AboutArticle::create().title("a").status(Status::ToBeChecked).rank(Rank::First).save(db).await?;
    assert_eq!(AboutArticle::find(saved.id).get(db).await?, saved);
    batch(db, "SELECT title FROM about_article").await
}

//! `Vec<T>`: arrays where the database has them, a refusal with a way out elsewhere.

use super::drawn::{is_refusal, moment, text, values};
use crate::models::{Email, batch, wrong};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    feature::Feature,
    prelude::*,
    query::{Outcome, sql},
    value::Json,
};
use covet_macros::Model;
use proptest::{collection::vec, option::of, prelude::*};
use rust_decimal::Decimal;
use std::net::IpAddr;
use uuid::Uuid;

/// An array of every type that can be in one.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "array_lists")]
struct Lists {
    id: i64,
    #[covet(default)]
    flags: Vec<bool>,
    #[covet(default)]
    small: Vec<i16>,
    #[covet(default)]
    medium: Vec<i32>,
    #[covet(default)]
    big: Vec<i64>,
    #[covet(default)]
    unsigned16: Vec<u16>,
    #[covet(default)]
    unsigned32: Vec<u32>,
    #[covet(default)]
    unsigned64: Vec<u64>,
    #[covet(default)]
    single: Vec<f32>,
    #[covet(default)]
    double: Vec<Option<f64>>,
    #[covet(default)]
    numbers: Vec<Decimal>,
    #[covet(default)]
    texts: Vec<String>,
    texts_or: Option<Vec<Option<String>>>,
    #[covet(default)]
    ids: Vec<Uuid>,
    addresses: Option<Vec<IpAddr>>,
    #[covet(default)]
    moments: Vec<DateTime<Utc>>,
    #[covet(default)]
    local: Vec<NaiveDateTime>,
    #[covet(default)]
    days: Vec<Option<NaiveDate>>,
    #[covet(default)]
    times: Vec<NaiveTime>,
    #[covet(default)]
    spans: Vec<TimeDelta>,
    emails: Option<Vec<Email>>,
}

async fn lists(db: &Db) -> Result<()> {
    db.drop_tables(models![Lists]).await?;
    db.create_tables(models![Lists]).await
}

fn full() -> Lists {
    let at = DateTime::UNIX_EPOCH + TimeDelta::microseconds(1);
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let strange = ["", "NULL", "null", "a,b", "{}", "it's \"so\" \\ 100% ü😀\n", " ", "a "];
    Lists {
        id: 0,
        flags: vec![true, false],
        small: vec![i16::MIN, 0, i16::MAX],
        medium: vec![i32::MIN, -1, i32::MAX],
        big: vec![i64::MIN, (1 << 53) + 1, i64::MAX],
        unsigned16: vec![0, u16::MAX],
        unsigned32: vec![0, u32::MAX],
        unsigned64: vec![0, i64::MAX.unsigned_abs()],
        single: vec![f32::MIN, 0.1, f32::INFINITY],
        double: vec![Some(f64::MAX), None, Some(5e-324)],
        numbers: vec![Decimal::new(-1250, 2), Decimal::new(1, 28), Decimal::MAX],
        texts: strange.map(str::to_owned).to_vec(),
        texts_or: Some(vec![None, Some(String::new()), None]),
        ids: vec![Uuid::nil(), Uuid::max()],
        addresses: Some(vec!["10.0.0.1".parse().unwrap(), "::1".parse().unwrap()]),
        moments: vec![at, DateTime::UNIX_EPOCH],
        local: vec![at.naive_utc()],
        days: vec![Some(day), None],
        times: vec![NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap()],
        spans: vec![TimeDelta::microseconds(-1), TimeDelta::zero()],
        emails: Some(vec![Email("a@x".into())]),
    }
}

fn whole(at: usize) -> i64 {
    i64::try_from(at).unwrap()
}

/// Arrays of every type come back by `save`, in bulk, by `update`, `bulk_update` and upsert: full, empty, NULL, with
/// NULL among their elements.
pub async fn arrays_are_kept(db: &Db) -> Result<()> {
    lists(db).await?;
    let empty = Lists::create().save(db).await?;
    assert_eq!((&empty.texts, &empty.texts_or, &empty.addresses), (&Vec::new(), &None, &None));
    assert_eq!(Lists::find(&empty).get(db).await?, empty);
    let mut row = Lists { id: empty.id, ..full() };
    row.save(db).await?;
    assert_eq!(Lists::find(&row).get(db).await?, row);
    let many = (0..2_500).map(|at| {
        let builder = Lists::create().texts(vec![at.to_string(); at % 4]).big([whole(at)]);
        builder.texts_or((at % 2 == 0).then(|| vec![None, Some(at.to_string())])).build()
    });
    assert_eq!(Lists::bulk_create(many).exec(db).await?, 2_500);
    let mut stored = Lists::filter(Lists::id.gt(row.id)).order_by(Lists::id.asc()).all(db).await?;
    assert_eq!(stored.len(), 2_500);
    for (at, found) in stored.iter().enumerate() {
        assert_eq!((&found.texts, &found.big), (&vec![at.to_string(); at % 4], &vec![whole(at)]));
        assert_eq!(found.texts_or, (at % 2 == 0).then(|| vec![None, Some(at.to_string())]));
    }
    for found in &mut stored {
        found.texts = vec!["new".into(), "'".into()];
        found.double = if found.id % 2 == 0 { Vec::new() } else { vec![None, Some(0.1)] };
    }
    let columns = (Lists::texts, Lists::double, Lists::small);
    assert_eq!(Lists::bulk_update(&stored, columns).exec(db).await?, 2_500);
    assert_eq!(Lists::filter(Lists::id.gt(row.id)).order_by(Lists::id.asc()).all(db).await?, stored);
    let update =
        Lists::find(&row).update((Lists::flags.set([true]), Lists::texts_or.set(None), Lists::big.set(vec![])));
    assert_eq!(update.exec(db).await?, 1);
    let found = Lists::find(&row).get(db).await?;
    assert_eq!((found.flags, found.texts_or, found.big), (vec![true], None, vec![]));
    let upsert = Lists::create().id(row.id).texts(["x"]).on_conflict(Lists::id).update_all();
    assert_eq!(upsert.save(db).await?.1, Outcome::Updated);
    assert_eq!(Lists::find(&row).get(db).await?.texts, ["x"]);
    Ok(())
}

/// Random arrays come back, or are refused before they are sent.
pub async fn random_arrays_come_back(db: &Db) -> Result<()> {
    lists(db).await?;
    let drawn = values(
        (
            vec(text(), 0..5),
            of(vec(of(text()), 0..5)),
            vec(of(any::<f64>()), 0..5),
            vec(any::<i64>(), 0..5),
            vec(moment().prop_map(|at| Some(at.date())), 0..5),
        ),
        if std::env::var_os("COVET_NIGHTLY").is_some() { 10_000 } else { 100 },
    )?;
    let mut kept = Vec::new();
    for (texts, texts_or, double, big, days) in drawn {
        let row = Lists::create().texts(texts.clone()).texts_or(texts_or.clone());
        match row.double(double.clone()).big(big.clone()).days(days.clone()).save(db).await {
            Ok(row) => {
                assert_eq!(Lists::filter(Lists::texts.eq(texts) & Lists::id.eq(row.id)).get(db).await?, row);
                assert_eq!((&row.texts_or, &row.double, &row.big, &row.days), (&texts_or, &double, &big, &days));
                kept.push(row);
            }
            Err(error) => assert!(is_refusal(error.kind()), "{error:?}"),
        }
    }
    assert!(kept.len() > 50);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "array_posts", index(tags, method = "gin"))]
#[covet(check(tagged = ArrayPost::tags.len().lte(4), plain = !ArrayPost::tags.overlap(["x", "y"])))]
struct ArrayPost {
    id: i64,
    #[covet(max_length = 20)]
    title: String,
    tags: Vec<String>,
    scores: Option<Vec<i32>>,
    previous: Option<ForeignKey<ArrayPost>>,
}

async fn posts(db: &Db) -> Result<()> {
    db.drop_tables(models![ArrayPost]).await?;
    db.create_tables(models![ArrayPost]).await?;
    let first = ArrayPost::create().title("ab").tags(["a", "b"]).scores([3, 1]).save(db).await?;
    ArrayPost::create().title("a").tags(["a"]).scores(vec![]).previous(&first).save(db).await?;
    ArrayPost::create().title("none").tags([""; 0]).save(db).await?;
    ArrayPost::create().title("bab").tags(["b", "a", "b"]).scores([1, 2]).previous(&first).save(db).await?;
    Ok(())
}

async fn titles(db: &Db, condition: Predicate<ArrayPost>) -> Result<String> {
    let rows = ArrayPost::filter(condition).order_by(ArrayPost::id.asc()).all(db).await?;
    Ok(rows.iter().map(|row| row.title.as_str()).collect::<Vec<_>>().join(" "))
}

/// `contains`, `contained_by`, `overlap`, `any_eq`, `len` and `at`, with values and with columns; rows whose array is
/// NULL match none of them, and stay in the complement.
pub async fn arrays_are_looked_up(db: &Db) -> Result<()> {
    posts(db).await?;
    let (tags, scores) = (ArrayPost::tags, ArrayPost::scores);
    assert_eq!(titles(db, tags.contains(["b", "a"])).await?, "ab bab");
    assert_eq!(titles(db, tags.contains(Vec::new())).await?, "ab a none bab");
    assert_eq!(titles(db, tags.contained_by(["a", "c"])).await?, "a none");
    assert_eq!(titles(db, tags.overlap(["c", "b"])).await?, "ab bab");
    assert_eq!(titles(db, tags.overlap(Vec::new())).await?, "");
    assert_eq!(titles(db, tags.any_eq("a")).await?, "ab a bab");
    assert_eq!(titles(db, !tags.any_eq("b")).await?, "a none");
    assert_eq!(titles(db, tags.len().eq(0)).await?, "none");
    assert_eq!(titles(db, tags.len().gt(1) & tags.len().lt(3)).await?, "ab");
    assert_eq!(titles(db, tags.at(0).eq("b")).await?, "bab");
    assert_eq!(titles(db, tags.at(2).is_null()).await?, "ab a none");
    assert_eq!(titles(db, tags.at(0).starts_with("a") | tags.at(1).ieq("A")).await?, "ab a bab");
    assert_eq!(titles(db, tags.eq(["a", "b"])).await?, "ab");
    assert_eq!(titles(db, tags.in_([vec!["a".to_owned()], vec![]])).await?, "a none");
    assert_eq!(titles(db, tags.is_distinct_from(vec!["a".to_owned()])).await?, "ab none bab");
    assert_eq!(titles(db, scores.contains([1])).await?, "ab bab");
    assert_eq!(titles(db, !scores.contains([1])).await?, "a none");
    assert_eq!(titles(db, scores.is_null()).await?, "none");
    assert_eq!(titles(db, scores.len().lt(2)).await?, "a");
    assert_eq!(titles(db, scores.any_eq(3) | scores.at(1).gt(1)).await?, "ab bab");
    assert_eq!(titles(db, scores.any_eq(tags.len())).await?, "");
    let previous = ArrayPost::previous;
    assert_eq!(titles(db, previous.tags.any_eq("a") & previous.scores.len().eq(2)).await?, "a bab");
    assert_eq!(titles(db, tags.contains(ArrayPost::tags)).await?, "ab a none bab");
    let longest = ArrayPost::query().order_by((ArrayPost::tags.len().desc(), ArrayPost::tags.asc()));
    let longest = longest.all(db).await?.into_iter().map(|row| row.title).collect::<Vec<_>>();
    assert_eq!(longest, ["bab", "ab", "a", "none"]);
    let by_tags = ArrayPost::query().order_by(ArrayPost::tags.at(0).desc()).first(db).await?.unwrap();
    assert_eq!(by_tags.title, "bab");
    for wrong in [vec!["a"; 5], vec!["x"]] {
        let tags = wrong.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let error = ArrayPost::create().title("no").tags(tags).save(db).await.unwrap_err();
        assert!(error.is_check_violation() && error.columns() == ["tags"], "{error:?}");
    }
    let texts = sql("SELECT tags, scores FROM array_posts WHERE tags @> ? ORDER BY id").bind(vec!["b".to_owned()]);
    let rows: Vec<(Vec<String>, Option<Vec<i64>>)> = texts.rows().all(db).await?;
    assert_eq!((rows.len(), rows[0].1.clone()), (2, Some(vec![3, 1])));
    db.drop_tables(models![ArrayPost]).await
}

/// The defaults of the database are arrays too: full, empty, with NULL, of every type.
pub async fn arrays_are_defaults(db: &Db) -> Result<()> {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[covet(table = "array_defaults")]
    struct Defaults {
        id: i64,
        #[covet(db_default = full().texts)]
        texts: Vec<String>,
        #[covet(db_default = vec![])]
        empty: Vec<i64>,
        #[covet(db_default = vec![None, None])]
        nulls: Vec<Option<bool>>,
        #[covet(db_default = full().double)]
        double: Vec<Option<f64>>,
        #[covet(db_default = full().unsigned32)]
        unsigned: Vec<u32>,
        #[covet(db_default = full().moments)]
        moments: Vec<DateTime<Utc>>,
        #[covet(db_default = full().numbers)]
        numbers: Vec<Decimal>,
        #[covet(db_default = full().ids)]
        ids: Vec<Uuid>,
    }
    db.drop_tables(models![Defaults]).await?;
    db.create_tables(models![Defaults]).await?;
    let row = Defaults::create().save(db).await?;
    let Lists { texts, double, unsigned32: unsigned, moments, numbers, ids, .. } = full();
    let expected =
        Defaults { id: row.id, texts, empty: vec![], nulls: vec![None; 2], double, unsigned, moments, numbers, ids };
    assert_eq!(row, expected);
    db.drop_tables(models![Defaults]).await
}

/// A NULL in an array of values that are never NULL, an array of two dimensions, elements of another type or out of
/// range, and what is no array: errors that name the column. So are ranges and composites, which no Rust type is.
pub async fn other_arrays_are_errors(db: &Db) -> Result<()> {
    db.dialect().require(Feature::Arrays)?;
    wrong!(db, Vec<String>, "text[]", ["'{a,NULL}'", "'{{a,b},{c,d}}'"]);
    wrong!(db, Vec<Option<i64>>, "text[]", ["'{a}'", "'{1}'"]);
    wrong!(db, Vec<i16>, "integer[]", ["'{32768}'"]);
    wrong!(db, Vec<u32>, "bigint[]", ["'{-1}'"]);
    wrong!(db, Vec<String>, "text", ["'a'", "'{a}'"]);
    wrong!(db, Vec<NaiveDate>, "date[]", ["'{infinity}'"]);
    wrong!(db, String, "text[]", ["'{a}'"]);
    wrong!(db, String, "int4range", ["'[1,2)'"]);
    batch(db, "DROP TYPE IF EXISTS array_pair; CREATE TYPE array_pair AS (a integer, b text)").await?;
    wrong!(db, String, "array_pair", ["ROW(1, 'b')"]);
    batch(db, "DROP TYPE array_pair").await
}

/// A domain is read and written as the type under it, alone and in arrays.
pub async fn domains_are_their_types(db: &Db) -> Result<()> {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[covet(table = "array_domains")]
    struct Domains {
        id: i64,
        #[covet(sql_type(pg = "array_word"))]
        word: String,
        #[covet(sql_type(pg = "array_word[]"))]
        words: Vec<String>,
        #[covet(sql_type(pg = "array_count"))]
        count: Option<i32>,
    }
    db.dialect().require(Feature::Arrays)?;
    batch(
        db,
        "DROP TABLE IF EXISTS array_domains; DROP DOMAIN IF EXISTS array_word; DROP DOMAIN IF EXISTS array_count",
    )
    .await?;
    batch(db, "CREATE DOMAIN array_word AS text CHECK (VALUE <> ''); CREATE DOMAIN array_count AS integer").await?;
    db.create_tables(models![Domains]).await?;
    let row = Domains::create().word("a").words(["b", "c"]).count(3).save(db).await?;
    assert_eq!(Domains::filter(Domains::word.eq("a") & Domains::words.any_eq("c")).get(db).await?, row);
    let error = Domains::create().word("x").words(["b", ""]).save(db).await.unwrap_err();
    assert!(error.is_check_violation(), "{error:?}");
    let rows = (0..5).map(|at| Domains::create().word("w").words(["x"]).count(at).build());
    assert_eq!(Domains::bulk_create(rows).exec(db).await?, 5);
    assert_eq!(Domains::filter(Domains::count.in_([3, 4])).count(db).await?, 3);
    batch(db, "DROP TABLE array_domains; DROP DOMAIN array_word; DROP DOMAIN array_count").await
}

/// Where the database has no arrays, a table with one is not made, and no statement about it is sent; `Json<Vec<T>>`
/// is the way out.
pub async fn arrays_are_refused_where_there_are_none(db: &Db) -> Result<()> {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[covet(table = "array_plain")]
    struct Plain {
        id: i64,
        tags: Json<Vec<String>>,
    }
    db.drop_tables(models![Plain]).await?;
    db.create_tables(models![Plain]).await?;
    let row = Plain::create().tags(Json(vec!["a".to_owned()])).save(db).await?;
    assert_eq!(Plain::find(&row).get(db).await?.tags.0, ["a"]);
    if db.dialect().features().has(Feature::Arrays) {
        return db.drop_tables(models![Plain]).await;
    }
    let refused = |result: Result<()>| {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.missing_feature()), (ErrorKind::Unsupported, Some(Feature::Arrays)), "{error}");
        assert!(error.to_string().contains("Json<Vec<T>>"), "{error}");
        error
    };
    let error = refused(db.create_tables(models![Plain, Lists]).await);
    assert_eq!(error.column(), Some("array_lists.flags"), "{error}");
    refused(Lists::query().all(db).await.map(drop));
    refused(Lists::filter(Lists::big.contains([1])).count(db).await.map(drop));
    refused(Lists::create().save(db).await.map(drop));
    refused(Lists::bulk_create((0..3).map(|_| Lists::create().build())).exec(db).await.map(drop));
    refused(Lists::query().update(Lists::texts.set(["a"])).exec(db).await.map(drop));
    refused(Lists::query().delete(db).await.map(drop));
    refused(sql("SELECT ?").bind(vec![1_i64]).exec(db).await.map(drop));
    db.drop_tables(models![Plain]).await
}

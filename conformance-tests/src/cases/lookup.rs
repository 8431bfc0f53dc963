//! Lookups between columns, with NULL as a value, and in very long lists; where an order puts NULL.

use crate::models::*;
use chrono::{DateTime, Days, NaiveDate, TimeDelta};
use covet::{backend::Db, error::Result, prelude::*};
use uuid::Uuid;

/// Two texts side by side: those of `name` and `nickname`.
const PAIRS: [(&str, Option<&str>); 15] = [
    ("a%b", Some("%")),
    ("axb", Some("a%b")),
    ("a_b", Some("_b")),
    ("azb", Some("_b")),
    ("a\\b", Some("a\\")),
    ("a!b", Some("!B")),
    ("[ab]", Some("[A")),
    ("a", Some("[ab]")),
    ("a*b?", Some("*B?")),
    ("École ", Some("école")),
    ("x😀y", Some("😀Y")),
    ("null", None),
    ("empty", Some("")),
    ("same", Some("same")),
    ("tame", Some("samesame")),
];

async fn pairs(db: &Db) -> Result<()> {
    for (at, (name, nickname)) in PAIRS.iter().enumerate() {
        let nickname = nickname.map(str::to_owned);
        User::create().name(*name).email(format!("{at}")).age(0).nickname(nickname).save(db).await?;
    }
    Ok(())
}

/// Every text lookup takes a column: its characters mean themselves, and its NULL matches nothing.
pub async fn text_lookups_take_columns(db: &Db) -> Result<()> {
    pairs(db).await?;
    macro_rules! check {
        ($lookup:ident, |$a:ident, $b:ident| $expected:expr) => {
            let mut expected: Vec<_> = PAIRS
                .iter()
                .filter_map(|(name, nickname)| {
                    let ($a, $b) = (*name, (*nickname)?);
                    $expected.then_some(*name)
                })
                .collect();
            expected.sort_unstable();
            let found = User::filter(User::name.$lookup(User::nickname)).order_by(User::name.asc()).all(db).await?;
            assert_eq!(names(&found), expected, stringify!($lookup));
            let rest = User::exclude(User::name.$lookup(User::nickname)).all(db).await?;
            assert_eq!(rest.len(), PAIRS.len() - expected.len(), "not {}", stringify!($lookup));
        };
    }
    check!(contains, |a, b| a.contains(b));
    check!(icontains, |a, b| a.to_lowercase().contains(&b.to_lowercase()));
    check!(starts_with, |a, b| a.starts_with(b));
    check!(istarts_with, |a, b| a.to_lowercase().starts_with(&b.to_lowercase()));
    check!(ends_with, |a, b| a.ends_with(b));
    check!(iends_with, |a, b| a.to_lowercase().ends_with(&b.to_lowercase()));
    check!(ieq, |a, b| a.to_lowercase() == b.to_lowercase());
    Ok(())
}

/// Text lookups take columns of related rows, of rows that may be missing too.
pub async fn text_lookups_take_related_columns(db: &Db) -> Result<()> {
    let people = posts(db).await?;
    Post::create().title("About Ann").body("by EVE, %").author(&people.ann).reviewer(&people.eve).save(db).await?;
    assert_eq!(posts_where(db, Post::title.contains(Post::author.name)).await?, "About Ann");
    assert_eq!(posts_where(db, Post::title.iends_with(Post::author.name)).await?, "About Ann");
    assert_eq!(posts_where(db, Post::body.icontains(Post::reviewer.name)).await?, "About Ann");
    assert_eq!(posts_where(db, Post::body.contains(Post::reviewer.name)).await?, "");
    assert_eq!(posts_where(db, !Post::body.icontains(Post::reviewer.name)).await?, "Alpha Beta Delta Gamma");
    assert_eq!(posts_where(db, Post::author.email.istarts_with(Post::author.name)).await?.len(), 32);
    assert_eq!(posts_where(db, Post::reviewer.name.ieq(Post::author.name)).await?, "Delta");
    assert_eq!(posts_where(db, Post::reviewer.nickname.ends_with(Post::author.nickname)).await?, "Delta");
    Ok(())
}

/// A complement inside of `is` keeps rows whose relation leads nowhere, as one outside does.
pub async fn complement_inside_is_keeps_missing_rows(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::reviewer.is(!User::name.eq("Eve"))).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::reviewer.is(!User::nickname.eq("x"))).await?, "Alpha Beta Delta Gamma");
    assert_eq!(posts_where(db, !Post::reviewer.is(!User::name.eq("Eve"))).await?, "Delta Gamma");
    assert_eq!(posts_where(db, Post::author.is(!User::name.eq("Eve"))).await?, "Alpha Beta Gamma");
    Ok(())
}

/// Every comparison takes a column, of the same row or of a related one.
pub async fn comparisons_take_columns(db: &Db) -> Result<()> {
    posts(db).await?;
    // Views 5, 40, 17, 100 and ages 34, 34, 17, 52.
    let (views, age) = (Post::views, Post::author.age);
    assert_eq!(posts_where(db, views.eq(age)).await?, "Gamma");
    assert_eq!(posts_where(db, views.ne(age)).await?, "Alpha Beta Delta");
    assert_eq!(posts_where(db, views.gt(age)).await?, "Beta Delta");
    assert_eq!(posts_where(db, views.gte(age)).await?, "Beta Delta Gamma");
    assert_eq!(posts_where(db, views.lt(age)).await?, "Alpha");
    assert_eq!(posts_where(db, views.lte(age)).await?, "Alpha Gamma");
    assert_eq!(posts_where(db, views.between(age, age)).await?, "Gamma");
    // The reviewer may be missing; NULL drops, and the complement keeps it.
    assert_eq!(posts_where(db, Post::reviewer.age.gte(age)).await?, "Delta Gamma");
    assert_eq!(posts_where(db, !Post::reviewer.age.gte(age)).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::reviewer.name.gt(Post::author.name)).await?, "Alpha Gamma");
    Ok(())
}

/// `is_distinct_from` is never unknown: NULL differs from every value and not from NULL.
pub async fn null_is_a_value_to_distinct(db: &Db) -> Result<()> {
    people(db).await?;
    let nickname = User::nickname;
    assert_eq!(users_where(db, nickname.is_distinct_from("annie")).await?, "Bob Eve");
    assert_eq!(users_where(db, nickname.is_distinct_from(Some("annie".to_owned()))).await?, "Bob Eve");
    assert_eq!(users_where(db, nickname.is_distinct_from(None)).await?, "Ann Eve");
    assert_eq!(users_where(db, nickname.is_not_distinct_from("annie")).await?, "Ann");
    assert_eq!(users_where(db, nickname.is_not_distinct_from(None)).await?, "Bob");
    assert_eq!(users_where(db, !nickname.is_distinct_from("annie")).await?, "Ann");
    assert_eq!(users_where(db, !nickname.is_not_distinct_from(None)).await?, "Ann Eve");
    assert_eq!(users_where(db, nickname.is_distinct_from("annie") ^ User::active).await?, "Ann Bob");
    // Columns that are never NULL have them too.
    assert_eq!(users_where(db, User::age.is_distinct_from(17)).await?, "Ann Eve");
    assert_eq!(users_where(db, User::age.is_distinct_from(None)).await?, "Ann Bob Eve");
    assert_eq!(users_where(db, User::age.is_not_distinct_from(Some(17))).await?, "Bob");
    Ok(())
}

/// `is_distinct_from` takes columns and expressions, nullable ones on both sides.
pub async fn distinct_takes_columns_and_expressions(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::reviewer_id.is_distinct_from(Post::author_id)).await?, "Alpha Beta Gamma");
    assert_eq!(posts_where(db, Post::author_id.is_not_distinct_from(Post::reviewer_id)).await?, "Delta");
    // Bob, who wrote Gamma and reviews Alpha, has no nickname; nobody reviews Beta.
    let nickname = Post::reviewer.nickname;
    assert_eq!(posts_where(db, nickname.is_not_distinct_from(Post::author.nickname)).await?, "Delta");
    assert_eq!(posts_where(db, nickname.is_not_distinct_from(Post::body)).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::views.is_not_distinct_from(Post::author.age)).await?, "Gamma");
    assert_eq!(posts_where(db, (Post::views / 0).is_not_distinct_from(None)).await?, "Alpha Beta Delta Gamma");
    assert_eq!(posts_where(db, (Post::views + 1).is_distinct_from(6)).await?, "Beta Delta Gamma");
    assert_eq!(posts_where(db, Post::views.is_not_distinct_from(Post::views + 0)).await?, "Alpha Beta Delta Gamma");
    Ok(())
}

/// `is_distinct_from` compares values of every type.
pub async fn distinct_compares_every_type(db: &Db) -> Result<()> {
    let (at, day) = (DateTime::from_timestamp(9, 1_000).unwrap(), NaiveDate::from_ymd_opt(2024, 2, 29).unwrap());
    let row = Sample::create().label("set").flag(false).small(0).medium(0).big(0).float(0.0).text("").bytes(vec![]);
    row.uuid(Uuid::nil()).at(at).day(day).save(db).await?;
    Sample::create().label("null").save(db).await?;
    macro_rules! check {
        ($($column:ident = $value:expr, $other:expr;)*) => {$(
            let column = Sample::$column;
            assert_eq!(samples_where(db, column.is_not_distinct_from($value)).await?, "set", stringify!($column));
            assert_eq!(samples_where(db, column.is_not_distinct_from(Some($value))).await?, "set");
            assert_eq!(samples_where(db, column.is_not_distinct_from(None)).await?, "null");
            assert_eq!(samples_where(db, column.is_distinct_from($value)).await?, "null");
            assert_eq!(samples_where(db, column.is_distinct_from($other)).await?, "null set");
            assert_eq!(samples_where(db, column.is_not_distinct_from(column)).await?, "null set");
        )*};
    }
    check! {
        flag = false, true;
        small = 0, 1;
        medium = 0, 1;
        big = 0, i64::MIN;
        float = 0.0, 0.5;
        text = String::new(), " ";
        bytes = vec![], vec![0];
        uuid = Uuid::nil(), Uuid::max();
        at = at, at + TimeDelta::microseconds(1);
        day = day, day + Days::new(1);
    }
    Ok(())
}

/// `nulls_first` and `nulls_last` put NULL where they say, in both directions.
pub async fn nulls_go_where_the_order_says(db: &Db) -> Result<()> {
    people(db).await?;
    let ordered = async |order| {
        let rows = User::query().order_by(order).order_by(User::name.asc()).all(db).await?;
        Ok::<_, covet::error::Error>(names(&rows).join(" "))
    };
    assert_eq!(ordered(User::nickname.asc().nulls_first()).await?, "Bob Eve Ann");
    assert_eq!(ordered(User::nickname.asc().nulls_last()).await?, "Eve Ann Bob");
    assert_eq!(ordered(User::nickname.desc().nulls_first()).await?, "Bob Ann Eve");
    assert_eq!(ordered(User::nickname.desc().nulls_last()).await?, "Ann Eve Bob");
    assert_eq!(ordered(User::score.asc().nulls_last()).await?, "Eve Ann Bob");
    assert_eq!(ordered(User::score.desc().nulls_first()).await?, "Ann Bob Eve");
    // The last word counts, and a column that is never NULL is left alone.
    assert_eq!(ordered(User::nickname.asc().nulls_last().nulls_first()).await?, "Bob Eve Ann");
    assert_eq!(ordered(User::age.desc().nulls_first()).await?, "Eve Ann Bob");
    let page = User::query().order_by((User::nickname.asc().nulls_last(), User::id.asc())).offset(1).limit(1);
    assert_eq!(names(&page.all(db).await?), ["Ann"]);
    Ok(())
}

/// NULL of expressions and of related rows that are missing is ordered too, in a slice as well.
pub async fn nulls_of_expressions_and_related_rows_are_ordered(db: &Db) -> Result<()> {
    posts(db).await?;
    let title = || Post::title.asc();
    let rows = Post::query().order_by((Post::reviewer.name.asc().nulls_last(), title())).all(db).await?;
    assert_eq!(titles(&rows), ["Alpha", "Delta", "Gamma", "Beta"]);
    let rows = Post::query().order_by((Post::reviewer.name.desc().nulls_first(), title())).all(db).await?;
    assert_eq!(titles(&rows), ["Beta", "Delta", "Gamma", "Alpha"]);
    // 5, 40, 17 and 100, less 17: the quotient by zero is NULL.
    let quotient = || (Post::views * 0 + 60) / (Post::views - 17);
    let rows = Post::query().order_by(quotient().asc().nulls_last()).all(db).await?;
    assert_eq!(titles(&rows), ["Alpha", "Delta", "Beta", "Gamma"]);
    let first = Post::query().order_by(quotient().desc().nulls_first()).limit(2);
    assert_eq!(first.clone().count(db).await?, 2);
    assert_eq!(first.update(Post::body.set("first")).exec(db).await?, 2);
    assert_eq!(posts_where(db, Post::body.eq("first")).await?, "Beta Gamma");
    Ok(())
}

const MANY: i64 = 200_000;

/// A list may hold 200,000 integers, of which the last one is found, and the complement is exact.
pub async fn in_takes_200_000_integers(db: &Db) -> Result<()> {
    for (label, big) in [("first", 0), ("last", MANY - 1), ("out", MANY), ("below", -1), ("min", i64::MIN)] {
        Sample::create().label(label).big(big).save(db).await?;
    }
    Sample::create().label("null").save(db).await?;
    assert_eq!(samples_where(db, Sample::big.in_(0..MANY)).await?, "first last");
    assert_eq!(samples_where(db, !Sample::big.in_(0..MANY)).await?, "below min null out");
    let ends = (0..MANY).map(|n| if n % 2 == 0 { i64::MAX - n } else { i64::MIN + n - 1 });
    assert_eq!(samples_where(db, Sample::big.in_(ends)).await?, "min");
    Ok(())
}

/// A list may hold 200,000 texts.
pub async fn in_takes_200_000_texts(db: &Db) -> Result<()> {
    for (label, text) in [("first", "'0\"\\"), ("last", "'199999\"\\"), ("out", "200000"), ("like", "'0\"\\ ")] {
        Sample::create().label(label).text(text).save(db).await?;
    }
    let texts = || (0..MANY).map(|n| format!("'{n}\"\\"));
    assert_eq!(samples_where(db, Sample::text.in_(texts())).await?, "first last");
    assert_eq!(samples_where(db, !Sample::text.in_(texts())).await?, "like out");
    Ok(())
}

/// Lists of 200,000 floating-point numbers hold each of them exactly.
pub async fn in_takes_200_000_floats(db: &Db) -> Result<()> {
    let edges = [("a", 0.1), ("b", f64::MAX), ("c", f64::MIN_POSITIVE), ("d", -1.0 / 3.0), ("e", 5e-320), ("f", -0.0)];
    for (label, float) in edges {
        Sample::create().label(label).float(float).save(db).await?;
    }
    // The neighbours of each are all around it in the list.
    let mut near: Vec<f64> = (0..i32::try_from(MANY).unwrap() - 60).map(|n| f64::from(n) * 1.1 + 1.0).collect();
    for (_, float) in edges {
        let bits = float.abs().to_bits();
        near.extend(
            [bits + 1, bits + 2, bits.max(2) - 2, bits.max(1) - 1].map(|near| f64::from_bits(near).copysign(float)),
        );
    }
    near.retain(|float| float.is_finite() && *float != 0.0);
    assert_eq!(samples_where(db, Sample::float.in_(near.clone())).await?, "");
    near.extend(edges.map(|(_, float)| float));
    assert_eq!(samples_where(db, Sample::float.in_(near.clone())).await?, "a b c d e f");
    assert_eq!(samples_where(db, !Sample::float.in_(near)).await?, "");
    Ok(())
}

/// Lists of 200,000 byte strings, UUIDs, date-times and dates are as good.
pub async fn in_takes_200_000_values_of_every_type(db: &Db) -> Result<()> {
    let time = |n: i64| DateTime::from_timestamp_micros(n * 1_000_003).unwrap();
    let day = |n: i64| NaiveDate::from_ymd_opt(1500, 1, 1).unwrap() + Days::new(n.unsigned_abs());
    let uuid = |n: i64| Uuid::from_u128(u128::MAX - u128::from(n.unsigned_abs()));
    let bytes = |n: i64| [&[0, 255, b'\\'][..], &n.to_be_bytes()].concat();
    for (label, n) in [("first", 0), ("last", MANY - 1), ("out", MANY)] {
        let row = Sample::create().label(label).at(time(n)).day(day(n)).uuid(uuid(n)).bytes(bytes(n));
        row.small(i16::try_from(n % 7).unwrap()).save(db).await?;
    }
    assert_eq!(samples_where(db, Sample::bytes.in_((0..MANY).map(bytes))).await?, "first last");
    assert_eq!(samples_where(db, Sample::uuid.in_((0..MANY).map(uuid))).await?, "first last");
    assert_eq!(samples_where(db, Sample::at.in_((0..MANY).map(time))).await?, "first last");
    assert_eq!(samples_where(db, Sample::day.in_((0..MANY).map(day))).await?, "first last");
    assert_eq!(samples_where(db, Sample::small.in_((0..MANY).map(|_| 0))).await?, "first");
    Ok(())
}

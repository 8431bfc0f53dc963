//! Comparisons.

use crate::models::*;
use chrono::{DateTime, NaiveDate, Utc};
use covet::{backend::Db, error::Result, prelude::*};
use uuid::Uuid;

fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 500_000_000).unwrap()
}

fn day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 2, 28).unwrap()
}

/// Three values of every type in ascending order, and a row of NULLs.
async fn graded(db: &Db) -> Result<()> {
    let row = |label: &'static str| Sample::create().label(label);
    let low = row("low").flag(false).small(-5).medium(-5).big(-5).float(-0.5).text("A").bytes(vec![0]);
    low.uuid(Uuid::from_u128(1)).at(moment(-9)).day(day(1969)).save(db).await?;
    let mid = row("mid").flag(true).small(0).medium(0).big(0).float(0.25).text("B").bytes(vec![0, 1]);
    mid.uuid(Uuid::from_u128(2)).at(moment(0)).day(day(1970)).save(db).await?;
    let top = row("top").small(7).medium(7).big(7).float(1e9).text("a").bytes(vec![255]);
    top.uuid(Uuid::from_u128(u128::MAX)).at(moment(9)).day(day(2400)).save(db).await?;
    row("null").save(db).await?;
    Ok(())
}

/// Every comparison of a column with its lowest, middle and highest value.
macro_rules! comparisons {
    ($db:ident, $column:ident, $low:expr, $mid:expr, $top:expr) => {{
        graded($db).await?;
        let column = Sample::$column;
        assert_eq!(samples_where($db, column.eq($mid)).await?, "mid");
        assert_eq!(samples_where($db, column.ne($mid)).await?, "low top");
        assert_eq!(samples_where($db, column.gt($mid)).await?, "top");
        assert_eq!(samples_where($db, column.gt($top)).await?, "");
        assert_eq!(samples_where($db, column.gte($mid)).await?, "mid top");
        assert_eq!(samples_where($db, column.lt($mid)).await?, "low");
        assert_eq!(samples_where($db, column.lt($low)).await?, "");
        assert_eq!(samples_where($db, column.lte($mid)).await?, "low mid");
        assert_eq!(samples_where($db, column.between($low, $mid)).await?, "low mid");
        assert_eq!(samples_where($db, column.between($mid, $mid)).await?, "mid");
        assert_eq!(samples_where($db, column.between($top, $low)).await?, "");
        assert_eq!(samples_where($db, column.in_([$low, $top, $low])).await?, "low top");
        assert_eq!(samples_where($db, !column.in_([$low])).await?, "mid null top");
        let ascending = Sample::query().order_by(column.asc()).all($db).await?;
        assert_eq!(labels(&ascending), ["null", "low", "mid", "top"]);
        let descending = Sample::query().order_by(column.desc()).all($db).await?;
        assert_eq!(labels(&descending), ["top", "mid", "low", "null"]);
        Ok(())
    }};
}

/// `eq` keeps the rows whose value is equal.
pub async fn eq_finds_the_equal(db: &Db) -> Result<()> {
    people(db).await?;
    let found = User::filter(User::age.eq(34)).all(db).await?;
    assert_eq!(names(&found), ["Ann"]);
    Ok(())
}

/// `ne` is SQL's `<>`: rows with NULL drop.
pub async fn ne_drops_null(db: &Db) -> Result<()> {
    people(db).await?;
    let found = User::filter(User::nickname.ne("annie")).all(db).await?;
    assert_eq!(names(&found), ["Eve"]);
    Ok(())
}

/// `i16` columns compare as numbers.
pub async fn i16_compares(db: &Db) -> Result<()> {
    comparisons!(db, small, -5, 0, 7)
}

/// `i32` columns compare as numbers.
pub async fn i32_compares(db: &Db) -> Result<()> {
    comparisons!(db, medium, -5, 0, 7)
}

/// `i64` columns compare as numbers.
pub async fn i64_compares(db: &Db) -> Result<()> {
    comparisons!(db, big, -5, 0, 7)
}

/// `f64` columns compare as numbers.
pub async fn f64_compares(db: &Db) -> Result<()> {
    comparisons!(db, float, -0.5, 0.25, 1e9)
}

/// Text compares by code point: `B` before `a`.
pub async fn text_compares_by_code_point(db: &Db) -> Result<()> {
    comparisons!(db, text, "A", "B", "a")
}

/// Byte strings compare byte by byte, a prefix before its continuation.
pub async fn bytes_compare_byte_by_byte(db: &Db) -> Result<()> {
    comparisons!(db, bytes, vec![0], vec![0, 1], vec![255])
}

/// UUIDs compare as their 16 bytes.
pub async fn uuid_compares_by_bytes(db: &Db) -> Result<()> {
    comparisons!(db, uuid, Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(u128::MAX))
}

/// Date-times compare along time, before 1970 too.
pub async fn date_time_compares(db: &Db) -> Result<()> {
    comparisons!(db, at, moment(-9), moment(0), moment(9))
}

/// Dates compare along the calendar.
pub async fn date_compares(db: &Db) -> Result<()> {
    comparisons!(db, day, day(1969), day(1970), day(2400))
}

/// `bool` columns compare with `true` and `false`, and are members of lists.
pub async fn bool_compares(db: &Db) -> Result<()> {
    graded(db).await?;
    assert_eq!(samples_where(db, Sample::flag.eq(true)).await?, "mid");
    assert_eq!(samples_where(db, Sample::flag.eq(false)).await?, "low");
    assert_eq!(samples_where(db, Sample::flag.ne(true)).await?, "low");
    assert_eq!(samples_where(db, Sample::flag.in_([true, false])).await?, "low mid");
    assert_eq!(samples_where(db, Sample::flag.in_([false])).await?, "low");
    Ok(())
}

/// A `bool` column is a condition by itself.
pub async fn bool_column_is_a_condition(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, User::active).await?, "Ann Eve");
    assert_eq!(users_where(db, !User::active).await?, "Bob");
    assert_eq!(users_where(db, User::active & User::age.gt(40)).await?, "Eve");
    assert_eq!(users_where(db, User::active | User::age.lt(18)).await?, "Ann Bob Eve");
    assert_eq!(names(&User::exclude(User::active).all(db).await?), ["Bob"]);
    Ok(())
}

/// An `Option<bool>` column is a condition that NULL does not meet, and whose complement NULL meets.
pub async fn nullable_bool_column_is_a_condition(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::published).await?, "Alpha Delta");
    assert_eq!(posts_where(db, !Post::published).await?, "Beta Gamma");
    assert_eq!(posts_where(db, Post::published.eq(false)).await?, "Beta");
    Ok(())
}

/// Bounds of `between` may be columns and expressions.
pub async fn between_takes_columns(db: &Db) -> Result<()> {
    posts(db).await?;
    // Ages: Ann 34, Bob 17, Eve 52.
    let between = Post::author.age.between(Post::views, Post::views);
    assert_eq!(posts_where(db, between).await?, "Gamma");
    let between = Post::views.between(Post::author.age - 30, Post::author.age + 6);
    assert_eq!(posts_where(db, between).await?, "Alpha Beta Gamma");
    Ok(())
}

/// A column compares with another column of its row.
pub async fn column_compares_with_a_column(db: &Db) -> Result<()> {
    people(db).await?;
    User::filter(User::name.eq("Bob")).update(User::nickname.set("Bob")).exec(db).await?;
    assert_eq!(users_where(db, User::nickname.eq(User::name)).await?, "Bob");
    assert_eq!(users_where(db, User::nickname.gt(User::name)).await?, "Ann");
    assert_eq!(users_where(db, User::nickname.lt(User::name)).await?, "Eve");
    Ok(())
}

/// A column compares with a column of a related row.
pub async fn column_compares_with_a_joined_column(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::views.gt(Post::author.age)).await?, "Beta Delta");
    assert_eq!(posts_where(db, Post::views.eq(Post::author.age)).await?, "Gamma");
    assert_eq!(posts_where(db, Post::author.age.gt(Post::views)).await?, "Alpha");
    Ok(())
}

/// An expression may stand on the left, and on the right.
pub async fn expressions_compare(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, (User::age * 2).gt(60)).await?, "Ann Eve");
    assert_eq!(users_where(db, (User::age + 1).in_([18, 35])).await?, "Ann Bob");
    assert_eq!(users_where(db, (User::age - 2).between(15, 32)).await?, "Ann Bob");
    assert_eq!(users_where(db, User::age.lt(User::age * 2 - 20)).await?, "Ann Eve");
    Ok(())
}

/// A foreign key compares with a key, a row and a foreign key.
pub async fn foreign_key_compares_with_keys_and_rows(db: &Db) -> Result<()> {
    let People { ann, bob, eve, acme } = posts(db).await?;
    assert_eq!(posts_where(db, Post::author_id.eq(ann.id)).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::author_id.eq(&ann)).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::author_id.eq(ForeignKey::from(&ann))).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::author_id.ne(&ann)).await?, "Delta Gamma");
    assert_eq!(posts_where(db, Post::reviewer_id.eq(&eve)).await?, "Delta Gamma");
    assert_eq!(posts_where(db, Post::reviewer_id.ne(bob.id)).await?, "Delta Gamma");
    assert_eq!(users_where(db, User::company_id.eq(&acme)).await?, "Ann Eve");
    Ok(())
}

/// `in_` takes keys, rows and foreign keys for a foreign key.
pub async fn foreign_key_is_in_keys_and_rows(db: &Db) -> Result<()> {
    let People { ann, bob, eve, .. } = posts(db).await?;
    assert_eq!(posts_where(db, Post::author_id.in_([ann.id, bob.id])).await?, "Alpha Beta Gamma");
    assert_eq!(posts_where(db, Post::author_id.in_([&bob, &eve])).await?, "Delta Gamma");
    assert_eq!(posts_where(db, Post::reviewer_id.in_([ForeignKey::from(&bob)])).await?, "Alpha");
    assert_eq!(posts_where(db, !Post::reviewer_id.in_([&bob])).await?, "Beta Delta Gamma");
    Ok(())
}

/// Two foreign keys of a row compare with each other.
pub async fn foreign_keys_compare_with_each_other(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::reviewer_id.eq(Post::author_id)).await?, "Delta");
    assert_eq!(posts_where(db, Post::reviewer_id.ne(Post::author_id)).await?, "Alpha Gamma");
    Ok(())
}

/// A text foreign key compares with `&str`, `String` and rows.
pub async fn text_foreign_key_compares(db: &Db) -> Result<()> {
    let at = Country::create().code("AT").name("Austria").save(db).await?;
    let nz = Country::create().code("NZ").name("New Zealand").save(db).await?;
    Order::create().number(Uuid::from_u128(1)).country(&at).filter(1).save(db).await?;
    Order::create().number(Uuid::from_u128(2)).country("NZ").filter(2).save(db).await?;
    assert_eq!(Order::filter(Order::country_id.eq("AT")).get(db).await?.filter, 1);
    assert_eq!(Order::filter(Order::country_id.eq("NZ".to_owned())).get(db).await?.filter, 2);
    assert_eq!(Order::filter(Order::country_id.eq(&nz)).get(db).await?.filter, 2);
    assert_eq!(Order::filter(Order::country_id.in_(["AT", "NZ", "XX"])).count(db).await?, 2);
    assert_eq!(Order::filter(Order::country_id.eq("at")).count(db).await?, 0);
    Ok(())
}

/// Nothing is in an empty list.
pub async fn in_of_an_empty_list_matches_nothing(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, User::age.in_(Vec::<i32>::new())).await?, "");
    assert_eq!(users_where(db, User::nickname.in_(Vec::<&str>::new())).await?, "");
    assert_eq!(User::filter(User::age.in_(Vec::<i32>::new())).count(db).await?, 0);
    assert_eq!(User::filter(User::age.in_(Vec::<i32>::new())).delete(db).await?, 0);
    Ok(())
}

/// Every row, with NULL or not, is outside of an empty list.
pub async fn exclude_of_an_empty_list_matches_everything(db: &Db) -> Result<()> {
    people(db).await?;
    let found = User::exclude(User::nickname.in_(Vec::<&str>::new())).order_by(User::name.asc()).all(db).await?;
    assert_eq!(names(&found), ["Ann", "Bob", "Eve"]);
    Ok(())
}

/// A value that a list repeats gives its row once.
pub async fn in_ignores_duplicates(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, User::age.in_([17, 17, 17, 34, 34])).await?, "Ann Bob");
    assert_eq!(User::filter(User::age.in_(vec![17; 100])).count(db).await?, 1);
    Ok(())
}

/// The complement of `in_` keeps rows with NULL.
pub async fn exclude_of_in_keeps_null(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, !User::nickname.in_(["annie"])).await?, "Bob Eve");
    assert_eq!(User::exclude(User::nickname.in_(["annie", "100%_!"])).get(db).await?.name, "Bob");
    Ok(())
}

/// Lists of integers may have any length.
pub async fn in_takes_integer_lists_of_any_length(db: &Db) -> Result<()> {
    for (label, big) in [("1", 1), ("2", 2), ("3", 3), ("last", 20_000), ("out", 20_001), ("min", i64::MIN)] {
        Sample::create().label(label).big(big).save(db).await?;
    }
    Sample::create().label("null").save(db).await?;
    for (length, expected) in [(1, "1"), (2, "1 2"), (3, "1 2 3"), (1_000, "1 2 3"), (20_000, "1 2 3 last")] {
        assert_eq!(samples_where(db, Sample::big.in_(1..=length)).await?, expected, "{length} values");
    }
    assert_eq!(samples_where(db, !Sample::big.in_(1..=20_000)).await?, "min null out");
    assert_eq!(samples_where(db, Sample::big.in_([i64::MIN, i64::MAX])).await?, "min");
    Ok(())
}

/// Lists of texts may have any length, and texts any character.
pub async fn in_takes_text_lists_of_any_length(db: &Db) -> Result<()> {
    for (label, text) in [("1", "n1"), ("2", "n2"), ("3", "n3"), ("last", "n20000"), ("out", "n20001"), ("e", "")] {
        Sample::create().label(label).text(text).save(db).await?;
    }
    Sample::create().label("null").save(db).await?;
    for (length, expected) in [(1, "1"), (2, "1 2"), (3, "1 2 3"), (1_000, "1 2 3"), (20_000, "1 2 3 last")] {
        let texts = (1..=length).map(|n| format!("n{n}"));
        assert_eq!(samples_where(db, Sample::text.in_(texts)).await?, expected, "{length} values");
    }
    for odd in ["'", "\"", "\\", "{}", ",", "a,b", "\u{1}", "\n", "😀", "é", "[1]", "null", "\u{7f}", "\u{2028}"] {
        let row = Sample::create().label("odd").text(odd).save(db).await?;
        assert_eq!(samples_where(db, Sample::text.in_([odd, "other"])).await?, "odd", "{odd:?}");
        Sample::find(&row).delete(db).await?;
    }
    assert_eq!(samples_where(db, Sample::text.in_([""])).await?, "e");
    Ok(())
}

/// Lists of `f64` hold values exactly.
pub async fn in_takes_exact_floats(db: &Db) -> Result<()> {
    for (label, float) in [("a", 0.1), ("b", 1.0 / 3.0), ("c", 1e300), ("d", f64::MIN_POSITIVE), ("e", -0.3)] {
        Sample::create().label(label).float(float).save(db).await?;
    }
    let listed = Sample::float.in_([0.1, 1.0 / 3.0, 1e300, f64::MIN_POSITIVE, 0.3]);
    assert_eq!(samples_where(db, listed).await?, "a b c d");
    assert_eq!(samples_where(db, Sample::float.in_([0.1 + 0.2, 0.100_000_000_000_000_02])).await?, "");
    Ok(())
}

/// Lists of 1,000 UUIDs, byte strings, dates and date-times find their rows.
pub async fn in_takes_long_lists_of_every_type(db: &Db) -> Result<()> {
    graded(db).await?;
    let numbers = || 0..1_000_u16;
    let uuids = numbers().map(|n| Uuid::from_u128(u128::from(n) + 2));
    assert_eq!(samples_where(db, Sample::uuid.in_(uuids)).await?, "mid");
    let bytes = numbers().map(|n| n.to_be_bytes().to_vec());
    assert_eq!(samples_where(db, Sample::bytes.in_(bytes)).await?, "mid");
    assert_eq!(samples_where(db, Sample::at.in_(numbers().map(|n| moment(i64::from(n))))).await?, "mid top");
    assert_eq!(samples_where(db, Sample::day.in_(numbers().map(|n| day(i32::from(n) + 1_970)))).await?, "mid top");
    assert_eq!(samples_where(db, Sample::small.in_(0..1_000)).await?, "mid top");
    assert_eq!(samples_where(db, Sample::medium.in_(-999..=0)).await?, "low mid");
    Ok(())
}

/// The borders of `i64` compare exactly.
pub async fn extreme_integers_compare_exactly(db: &Db) -> Result<()> {
    let edges = [("a", i64::MIN), ("b", i64::MIN + 1), ("c", i64::MAX - 1), ("d", i64::MAX)];
    for (label, big) in edges {
        Sample::create().label(label).big(big).save(db).await?;
    }
    assert_eq!(samples_where(db, Sample::big.eq(i64::MAX)).await?, "d");
    assert_eq!(samples_where(db, Sample::big.lt(i64::MAX)).await?, "a b c");
    assert_eq!(samples_where(db, Sample::big.lte(i64::MIN)).await?, "a");
    assert_eq!(samples_where(db, Sample::big.gt(i64::MIN)).await?, "b c d");
    assert_eq!(samples_where(db, Sample::big.between(i64::MIN, i64::MAX)).await?, "a b c d");
    Ok(())
}

/// Texts that differ in case, accents, width or composition are different texts.
pub async fn similar_texts_are_different(db: &Db) -> Result<()> {
    let texts = ["e", "E", "é", "e\u{301}", "e ", " e", "ｅ", "ß", "ss", "", " ", "😀", "😁"];
    for text in texts {
        Sample::create().label("x").text(text).save(db).await?;
    }
    for text in texts {
        let found = Sample::filter(Sample::text.eq(text)).all(db).await?;
        assert_eq!(found.len(), 1, "{text:?}");
        assert_eq!(found[0].text.as_deref(), Some(text));
        assert_eq!(Sample::filter(Sample::text.in_([text])).count(db).await?, 1, "{text:?} in a list");
        assert_eq!(Sample::filter(Sample::text.ne(text)).count(db).await?, 12, "not {text:?}");
    }
    Ok(())
}

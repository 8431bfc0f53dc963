//! Text lookups.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};

async fn texts(db: &Db, texts: &[&str]) -> Result<()> {
    for text in texts {
        Sample::create().text(*text).save(db).await?;
    }
    Ok(())
}

/// The texts that meet a condition, in the order of their code points.
async fn found(db: &Db, condition: Predicate<Sample>) -> Result<Vec<String>> {
    let rows = Sample::filter(condition).order_by(Sample::text.asc()).all(db).await?;
    Ok(rows.into_iter().map(|row| row.text.unwrap_or_else(|| "NULL".to_owned())).collect())
}

/// Characters that mean something to LIKE, to patterns or to literals somewhere.
const SPECIAL: [&str; 12] = ["%", "_", "\\", "!", "'", "\"", "*", "?", "[", "]", "\\%", "%%"];

/// `contains` takes every character literally.
pub async fn contains_is_literal(db: &Db) -> Result<()> {
    texts(db, &["axb", "ab", "a%b", "a_b", "a\\b", "a!b", "a'b", "a\"b", "a*b", "a?b", "a[b", "a]b"]).await?;
    for special in &SPECIAL[..10] {
        let expected = [format!("a{special}b")];
        assert_eq!(found(db, Sample::text.contains(*special)).await?, expected, "contains {special}");
        assert_eq!(found(db, Sample::text.icontains(*special)).await?, expected, "icontains {special}");
        let whole = format!("A{special}B");
        assert_eq!(found(db, Sample::text.icontains(whole)).await?, expected, "icontains A{special}B");
    }
    assert!(found(db, Sample::text.contains("a%b%")).await?.is_empty());
    assert!(found(db, Sample::text.contains("\\%")).await?.is_empty());
    Ok(())
}

/// `starts_with` and `ends_with` take every character literally.
pub async fn starts_with_and_ends_with_are_literal(db: &Db) -> Result<()> {
    texts(db, &["x", "xx", "xyz"]).await?;
    for special in SPECIAL {
        let (begin, end) = (format!("{special}x"), format!("x{special}"));
        texts(db, &[&begin, &end]).await?;
        let expected = |rows: Vec<String>, part: &str| {
            assert!(!rows.is_empty() && rows.iter().all(|row| row.contains(part)), "{part}: {rows:?}");
        };
        expected(found(db, Sample::text.starts_with(special)).await?, special);
        expected(found(db, Sample::text.ends_with(special)).await?, special);
        expected(found(db, Sample::text.istarts_with(special)).await?, special);
        expected(found(db, Sample::text.iends_with(special)).await?, special);
        assert_eq!(found(db, Sample::text.istarts_with(begin.to_uppercase())).await?, [begin]);
        assert_eq!(found(db, Sample::text.iends_with(end.to_uppercase())).await?, [end]);
    }
    Ok(())
}

/// An empty text is part of every text, the empty one too, but not of NULL.
pub async fn empty_needle_matches_every_text(db: &Db) -> Result<()> {
    texts(db, &["", "a", "%"]).await?;
    Sample::create().label("null").save(db).await?;
    for lookup in [
        Sample::text.contains(""),
        Sample::text.icontains(""),
        Sample::text.starts_with(""),
        Sample::text.istarts_with(""),
        Sample::text.ends_with(""),
        Sample::text.iends_with(""),
    ] {
        assert_eq!(found(db, lookup.clone()).await?, ["", "%", "a"]);
        assert_eq!(found(db, !lookup).await?, ["NULL"]);
    }
    assert_eq!(found(db, Sample::text.ieq("")).await?, [""]);
    Ok(())
}

/// Case counts in `contains`, `starts_with` and `ends_with`.
pub async fn case_counts(db: &Db) -> Result<()> {
    texts(db, &["Anna", "anna", "ANNA", "Émile", "émile"]).await?;
    assert_eq!(found(db, Sample::text.contains("nn")).await?, ["Anna", "anna"]);
    assert_eq!(found(db, Sample::text.starts_with("a")).await?, ["anna"]);
    assert_eq!(found(db, Sample::text.ends_with("A")).await?, ["ANNA"]);
    assert_eq!(found(db, Sample::text.eq("Anna")).await?, ["Anna"]);
    assert_eq!(found(db, Sample::text.starts_with("é")).await?, ["émile"]);
    assert_eq!(found(db, Sample::text.contains("É")).await?, ["Émile"]);
    Ok(())
}

/// The i-lookups fold the case of ASCII letters, on both sides.
pub async fn i_lookups_fold_ascii(db: &Db) -> Result<()> {
    texts(db, &["Anna", "anna", "ANNA", "Hanna", "Ann"]).await?;
    assert_eq!(found(db, Sample::text.ieq("aNNa")).await?, ["ANNA", "Anna", "anna"]);
    assert_eq!(found(db, Sample::text.icontains("NNa")).await?, ["ANNA", "Anna", "Hanna", "anna"]);
    assert_eq!(found(db, Sample::text.istarts_with("ANN")).await?, ["ANNA", "Ann", "Anna", "anna"]);
    assert_eq!(found(db, Sample::text.iends_with("nNA")).await?, ["ANNA", "Anna", "Hanna", "anna"]);
    Ok(())
}

/// The i-lookups fold the case of letters beyond ASCII.
pub async fn i_lookups_fold_all_letters(db: &Db) -> Result<()> {
    texts(db, &["École", "école", "ÉCOLE", "жук", "ЖУК", "Ωμέγα"]).await?;
    assert_eq!(found(db, Sample::text.ieq("éCOLE")).await?, ["École", "ÉCOLE", "école"].sorted());
    assert_eq!(found(db, Sample::text.icontains("Жу")).await?, ["ЖУК", "жук"]);
    assert_eq!(found(db, Sample::text.istarts_with("É")).await?, ["École", "ÉCOLE", "école"].sorted());
    assert_eq!(found(db, Sample::text.iends_with("ук")).await?, ["ЖУК", "жук"]);
    assert_eq!(found(db, Sample::text.icontains("ΜΈΓ")).await?, ["Ωμέγα"]);
    Ok(())
}

trait Sorted {
    fn sorted(self) -> Self;
}

impl Sorted for [&str; 3] {
    fn sorted(mut self) -> Self {
        self.sort_unstable();
        self
    }
}

/// Accents are not folded by any lookup.
pub async fn accents_count(db: &Db) -> Result<()> {
    texts(db, &["ecole", "école"]).await?;
    assert_eq!(found(db, Sample::text.ieq("ECOLE")).await?, ["ecole"]);
    assert_eq!(found(db, Sample::text.icontains("É")).await?, ["école"]);
    assert_eq!(found(db, Sample::text.starts_with("e")).await?, ["ecole"]);
    assert_eq!(found(db, Sample::text.istarts_with("E")).await?, ["ecole"]);
    Ok(())
}

/// Folding is one letter for one: `ß` is not `SS`.
pub async fn folding_keeps_the_number_of_letters(db: &Db) -> Result<()> {
    texts(db, &["Straße", "Strasse"]).await?;
    assert_eq!(found(db, Sample::text.ieq("STRASSE")).await?, ["Strasse"]);
    assert_eq!(found(db, Sample::text.ieq("straße")).await?, ["Straße"]);
    assert_eq!(found(db, Sample::text.icontains("ASS")).await?, ["Strasse"]);
    Ok(())
}

/// Trailing and leading spaces count.
pub async fn spaces_count(db: &Db) -> Result<()> {
    texts(db, &["foo", "foo ", "foo  ", " foo", ""]).await?;
    assert_eq!(found(db, Sample::text.eq("foo")).await?, ["foo"]);
    assert_eq!(found(db, Sample::text.eq("foo ")).await?, ["foo "]);
    assert_eq!(found(db, Sample::text.ieq("FOO ")).await?, ["foo "]);
    assert_eq!(found(db, Sample::text.eq("")).await?, [""]);
    assert_eq!(found(db, Sample::text.ends_with("foo")).await?, [" foo", "foo"]);
    assert_eq!(found(db, Sample::text.ends_with(" ")).await?, ["foo ", "foo  "]);
    assert_eq!(found(db, Sample::text.iends_with("O  ")).await?, ["foo  "]);
    assert_eq!(found(db, Sample::text.starts_with(" ")).await?, [" foo"]);
    Ok(())
}

/// Emoji are characters like others, each different from the others.
pub async fn emoji_are_distinct(db: &Db) -> Result<()> {
    texts(db, &["😀", "😁", "a😀b", "👩‍🚀"]).await?;
    assert_eq!(found(db, Sample::text.eq("😀")).await?, ["😀"]);
    assert_eq!(found(db, Sample::text.contains("😀")).await?, ["a😀b", "😀"]);
    assert_eq!(found(db, Sample::text.starts_with("😀")).await?, ["😀"]);
    assert_eq!(found(db, Sample::text.ends_with("😀b")).await?, ["a😀b"]);
    assert_eq!(found(db, Sample::text.icontains("A😀")).await?, ["a😀b"]);
    assert_eq!(found(db, Sample::text.contains("👩")).await?, ["👩‍🚀"]);
    Ok(())
}

/// A text that is longer than the column's matches nothing.
pub async fn needle_may_be_longer_than_the_text(db: &Db) -> Result<()> {
    texts(db, &["", "b", "ab"]).await?;
    for lookup in [
        Sample::text.contains("aab"),
        Sample::text.starts_with("aba"),
        Sample::text.ends_with("aab"),
        Sample::text.ends_with("zzzzab"),
        Sample::text.icontains("AAB"),
        Sample::text.iends_with("XXAB"),
        Sample::text.istarts_with("ab "),
        Sample::text.contains("ab".repeat(10_000)),
    ] {
        assert!(found(db, lookup).await?.is_empty());
    }
    Ok(())
}

/// NULL matches no lookup and every complement.
pub async fn null_matches_no_lookup(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, User::nickname.contains("n")).await?, "Ann");
    assert_eq!(users_where(db, !User::nickname.contains("n")).await?, "Bob Eve");
    assert_eq!(users_where(db, User::nickname.istarts_with("A")).await?, "Ann");
    assert_eq!(users_where(db, !User::nickname.istarts_with("A")).await?, "Bob Eve");
    assert_eq!(users_where(db, !User::nickname.ends_with("!")).await?, "Ann Bob");
    assert_eq!(users_where(db, !User::nickname.ieq("ANNIE")).await?, "Bob Eve");
    Ok(())
}

/// Lookups look across line breaks, and line breaks can be looked for.
pub async fn line_breaks_are_characters(db: &Db) -> Result<()> {
    texts(db, &["a\nb", "a\r\nb", "a\tb", "ab"]).await?;
    assert_eq!(found(db, Sample::text.contains("\n")).await?, ["a\nb", "a\r\nb"]);
    assert_eq!(found(db, Sample::text.contains("a\n")).await?, ["a\nb"]);
    assert_eq!(Sample::filter(Sample::text.starts_with("a") & Sample::text.ends_with("b")).count(db).await?, 4);
    assert_eq!(Sample::filter(Sample::text.istarts_with("A") & Sample::text.iends_with("B")).count(db).await?, 4);
    assert_eq!(found(db, Sample::text.ends_with("\r\nb")).await?, ["a\r\nb"]);
    assert!(found(db, Sample::text.eq("a\\nb")).await?.is_empty());
    Ok(())
}

/// A repeated part is found at the ends.
pub async fn ends_are_compared_at_the_ends(db: &Db) -> Result<()> {
    texts(db, &["abcabc", "abcab", "cabc"]).await?;
    assert_eq!(found(db, Sample::text.ends_with("abc")).await?, ["abcabc", "cabc"]);
    assert_eq!(found(db, Sample::text.starts_with("abc")).await?, ["abcab", "abcabc"]);
    assert_eq!(found(db, Sample::text.starts_with("abcabc")).await?, ["abcabc"]);
    Ok(())
}

/// Text lookups work on columns of related rows.
pub async fn lookups_reach_related_rows(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::author.name.icontains("AN")).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::reviewer.name.starts_with("E")).await?, "Delta Gamma");
    assert_eq!(posts_where(db, !Post::reviewer.name.starts_with("E")).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::author.nickname.ends_with("%_!")).await?, "Delta");
    Ok(())
}

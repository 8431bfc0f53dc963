//! Regular expressions: what the crate `regex` says, on every engine.

use crate::{cases::property, models::*};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use proptest::prelude::*;

/// Inserts texts, whose position is the label.
async fn texts(db: &Db, texts: &[String]) -> Result<()> {
    let row = |(at, text): (usize, &String)| Sample::create().label(at.to_string()).text(text.clone()).build();
    Sample::bulk_create(texts.iter().enumerate().map(row)).exec(db).await?;
    Sample::create().label("null").save(db).await?;
    Ok(())
}

/// What differs between the engine and the crate.
async fn difference(db: &Db, pattern: &str, ignore_case: bool, texts: &[String]) -> Result<Option<String>> {
    let lookup = if ignore_case { Sample::text.iregex(pattern) } else { Sample::text.regex(pattern) };
    let query = Sample::filter(lookup);
    let rows = query.clone().order_by(Sample::id.asc()).all(db).await?;
    let regex = regex::RegexBuilder::new(pattern).case_insensitive(ignore_case).build().unwrap();
    let expected: Vec<&str> = texts.iter().map(String::as_str).filter(|text| regex.is_match(text)).collect();
    let found: Vec<&str> = rows.iter().filter_map(|row| row.text.as_deref()).collect();
    let sent = query.to_sql(db.dialect())?;
    Ok((found != expected).then(|| format!("{pattern:?}, sent as {sent}:\nfound    {found:?}\nexpected {expected:?}")))
}

async fn agrees(db: &Db, pattern: &str, ignore_case: bool, texts: &[String]) -> Result<()> {
    let difference = difference(db, pattern, ignore_case, texts).await?;
    assert_eq!(difference.as_deref(), None);
    Ok(())
}

/// Texts that patterns tell apart.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "", "a", "A", "b", "ab", "abc", "aab", "aaa", "ba", "a b", " a", "a ", "a\nb", "a\n", "\na", "\n", "\n\n",
    "a\r\nb", "a\tb", "é", "É", "e\u{301}", "ß", "ss", "ſ", "K", "\u{212a}", "k", "σ", "ς", "Σ", "ж", "Ж", "日本", "😀",
    "a😀b", "👩‍🚀", "1", "12", "2024-02-29", "٣", "१", "½", "_", "-", "a-b", "a_b", "a.b", "a\\b", "a|b", "(a)", "[a]",
    "{a}", "a{2}", "a*", "a+", "a?", "^a", "a$", "$", "^", ".", "\\", "/", "#a", "a #b", "&&", "~", "a&b", "'", "\"",
    "`", "!", "%", "@x.y", "x@y.z", "ǅ", "\u{a0}", "\u{2028}", "\u{85}", "\u{feff}", "\u{200d}", "\u{1}", "\u{7f}",
    "\u{fffd}", "\u{10ffff}", "foo", "foobar", "bar", "foo bar", "FOO", "naïve", "hello, world", "***:a", "***=a",
    "(?i)a", "abcabc", "don't", "x1y22z333",
];

/// Patterns that engines could take for something else.
#[rustfmt::skip]
const PATTERNS: &[&str] = &[
    "", "a", "^a", "a$", "^a$", "^$", r"\A", r"\z", r"\Aa\z", "(?m)^a", "(?m)a$", "(?m)^$", "(?m)^b", ".", "^.$",
    "^..$", "(?s)^.$", "(?s)a.b", "a.b", "(?s).", r"\n", r"\r\n", r"\t", r"\x61", r"\u{1F600}", r"\x{e9}", r"\d",
    r"\D", r"^\d+$", r"\w", r"^\w+$", r"\W", r"^\W+$", r"\s", r"^\s+$", r"\S", r"\bfoo\b", r"\bfoo", r"foo\b",
    r"\Bfoo", r"foo\B", r"\b", r"\B", r"(?-u)\w+$", r"(?-u)\d", r"(?-u:\b)a", r"(?-u:\bfoo\b)", r"\b{start}foo",
    r"bar\b{end}", r"\b{start-half}bar", r"foo\b{end-half}", r"\<foo", r"bar\>", "a|b", "^(a|b)$", "^(?:a|)$",
    "(|a)b", "a*", "^a*$", "^a+$", "^a?$", "^a{2}$", "^a{2,}$", "^a{1,2}$", "^a{0}$", "^(ab?c?){2}$", "^(a*)*$",
    "^(a*)+$", "(a|b)*c", "^(abc)+$", "a+?", "^a*?b", "(?U)a+b", "[ab]", "[^ab]", "^[^a]$", "[a-c]", r"[\d-]",
    r"[\w.]+@[\w.]+", "[]a]", "[^]a]", "[a-]", "[-a]", r"[\]\[]", r"[\^a]", r"[\w&&[^\d_]]", r"[a-z--b]",
    r"[a-c~~b-d]", "[[:alpha:]]", "[[:^space:]]", "[[:punct:]]", r"\p{L}", r"\pN", r"\P{L}", r"\p{Lu}", r"\p{Greek}",
    r"\p{Cyrillic}", r"\p{Han}", r"\p{Emoji}", r"\p{Nd}", r"[^\p{L}\p{N}]", "(?i)k", "(?i)ß", "(?i)σ", "(?i)É",
    "(?i)foo(?-i)BAR", "(?i:F)oo", "(?x) a b # remark", r"(?x) a\ b", "(?P<name>a)b", "(?<name>a)b", r"\.", r"\*",
    r"\?", r"\+", r"\|", r"\(a\)", r"\[a\]", r"\{a\}", r"a\{2\}", r"\^", r"\$", r"\\", r"\#", r"\&", r"\-", r"\~",
    "/", "'", "\"", "`", "!", "%", "_", "~", "@", ";", ":", "&&", "#", " ", "  ", r"\*\*\*", "é", "É|é", "😀", "^😀$",
    "^.{2}$", "日", "[é-ж]", "[😀-😂]", r"[^\x00-\x7f]", r"[\x01-\x1f]", "\u{200d}", r"\x7F", r"\u{10FFFF}", r"\u{FEFF}",
    r"\u{FFFD}", r"[\u{D000}-\u{E000}]", r"^[^\n]*$", "^(.|\n)*$", "$a", "a^", "(?m)a$\n^b", "^*", "(?:^a|b$)+",
    "(?:^)*a", r"(\b)+foo", r"(?:\b|x)*bar", "(^|,)a", "a($|,)", "(?:(?:a))", "((((a))))b", "x*y*z*$",
    "(?:a{2}){2}|foo", r"^\d{4}-\d{2}-\d{2}$", "^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+$", "(a|ab)(c|bcd)?$",
    "^(?:a|ab)(?:c|abc)*$", "a{1}b", "(?:a|b){2,3}c", "^(?:.b){1,}",
];

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Patterns of every construct match what they match in Rust, and their complement the rest.
pub async fn patterns_match_as_in_rust(db: &Db) -> Result<()> {
    let all = owned(TEXTS);
    texts(db, &all).await?;
    let mut wrong = Vec::new();
    for pattern in PATTERNS {
        for ignore_case in [false, true] {
            wrong.extend(difference(db, pattern, ignore_case, &all).await?);
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    let (found, rest) = (Sample::filter(Sample::text.regex("a")), Sample::exclude(Sample::text.regex("a")));
    let (found, rest) = (found.count(db).await?, rest.count(db).await?);
    assert_eq!(usize::try_from(found + rest).unwrap(), all.len() + 1);
    Ok(())
}

/// Every character of ASCII, and some of each block above, is matched by itself, by a class and by a range.
pub async fn patterns_match_every_character_as_in_rust(db: &Db) -> Result<()> {
    let characters: Vec<char> =
        (1..128_u32).chain((128..0x11_0000).step_by(39_989)).filter_map(char::from_u32).collect();
    let all: Vec<String> = characters.iter().map(|c| format!("<{c}>")).collect();
    texts(db, &all).await?;
    let hex = |c: &char| format!("\\x{{{:x}}}", u32::from(*c));
    for c in &characters {
        let (escaped, hex) = (regex::escape(&c.to_string()), hex(c));
        agrees(db, &format!("^<{escaped}>$"), false, &all).await?;
        agrees(db, &format!("<[{hex}]>|<[^\\x00-{hex}]>"), true, &all).await?;
    }
    // All of them at once, and all but them.
    let class: String = characters.iter().step_by(2).map(hex).collect();
    agrees(db, &format!("<[{class}]>"), false, &all).await?;
    agrees(db, &format!("<[^{class}]>"), true, &all).await
}

fn pattern() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(
        &[
            "a",
            "b",
            "é",
            "É",
            "ж",
            " ",
            "\\n",
            "\\.",
            "%",
            "_",
            ".",
            "[ab]",
            "[^a]",
            "\\w",
            "\\W",
            "\\d",
            "\\s",
            "[^\\w]",
            "🦀",
            "[é-ж]",
            "(?i:a)",
            "(?s:.)",
            "(?-u:\\w)",
            "\\p{Lu}",
            "\\p{L}",
        ][..],
    );
    let look = proptest::sample::select(&["^", "$", "(?m:^)", "(?m:$)", "\\b", "\\B", "(?-u:\\b)", ""][..]);
    let repeat = proptest::sample::select(&["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}", "*?", "??"][..]);
    let leaf = prop_oneof![5 => leaf, 1 => look].prop_map(str::to_owned);
    leaf.prop_recursive(4, 16, 3, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|all| all.concat()),
            proptest::collection::vec(inner.clone(), 1..3).prop_map(|all| format!("({})", all.join("|"))),
            (inner, repeat.clone()).prop_map(|(inner, repeat)| format!("(?:{inner}){repeat}")),
        ]
    })
}

/// Random patterns match what they match in Rust.
pub async fn random_patterns_match_as_in_rust(db: &Db) -> Result<()> {
    let mut runner = property::runner();
    let letters =
        proptest::sample::select(&["a", "A", "b", "é", "É", "ж", "1", " ", "\n", ".", "%", "_", "🦀", "ß"][..]);
    let text = proptest::collection::vec(letters, 0..5).prop_map(|letters| letters.concat());
    let all = property::draw(text, 60, &mut runner)?;
    texts(db, &all).await?;
    let patterns = property::draw((pattern(), any::<bool>()), property::cases(db) / 2, &mut runner)?;
    for (pattern, ignore_case) in &patterns {
        agrees(db, pattern, *ignore_case, &all).await?;
    }
    Ok(())
}

/// `iregex` folds the case of all letters by Unicode's simple folding, in classes too.
pub async fn iregex_folds_case_as_in_rust(db: &Db) -> Result<()> {
    let all = owned(&[
        "École", "ÉCOLE", "ecole", "жук", "ЖУК", "Straße", "STRASSE", "ſ", "s", "K", "\u{212a}", "ΣΑΣ", "σας", "İ", "i",
    ]);
    texts(db, &all).await?;
    for pattern in
        ["école", "^É", "жук", "[а-я]", "straße", "STRASSE", "^s$", "^[s]$", "k", "^[^k]$", "σασ", "σας", "^i$", "ı"]
    {
        agrees(db, pattern, true, &all).await?;
        agrees(db, pattern, false, &all).await?;
    }
    Ok(())
}

/// NULL matches no pattern and every complement.
pub async fn null_matches_no_pattern(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, User::nickname.regex("")).await?, "Ann Eve");
    assert_eq!(users_where(db, !User::nickname.regex("")).await?, "Bob");
    assert_eq!(users_where(db, User::nickname.iregex("^A")).await?, "Ann");
    assert_eq!(users_where(db, !User::nickname.iregex("^A")).await?, "Bob Eve");
    assert_eq!(users_where(db, User::name.regex("^[AB]") & !User::nickname.regex("x")).await?, "Ann Bob");
    Ok(())
}

/// Patterns work on columns of related rows, and in what updates and counts.
pub async fn patterns_reach_related_rows(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::author.name.regex("^[AE]")).await?, "Alpha Beta Delta");
    assert_eq!(posts_where(db, Post::reviewer.name.iregex("^e..$")).await?, "Delta Gamma");
    assert_eq!(posts_where(db, !Post::reviewer.name.iregex("^e..$")).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::author.is(User::name.regex("b$"))).await?, "Gamma");
    assert_eq!(Post::filter(Post::title.regex("a$")).update(Post::views.set(0)).exec(db).await?, 4);
    assert_eq!(Post::filter(Post::title.iregex("^[a-b]")).count(db).await?, 2);
    assert!(Post::filter(Post::title.regex(String::from("(Al|Be)(pha|ta)"))).exists(db).await?);
    Ok(())
}

/// Patterns of the largest size are taken, and long texts are searched to their end.
pub async fn large_patterns_and_texts_match(db: &Db) -> Result<()> {
    let long = |end: &str| format!("{}{end}", "word é ".repeat(2_000));
    let all = vec![long(""), long("needle"), "a".repeat(255), "ab".repeat(255), "é1".repeat(60), "x".to_owned()];
    texts(db, &all).await?;
    let words = (0..700).map(|n| format!("word{n}")).collect::<Vec<_>>().join("|");
    for pattern in [
        "needle$",
        "needle",
        r"(?m)^needle|\bneedle$",
        "^a{255}$",
        "^(?:ab){255}$",
        "^(?:(?:ab){15}){17}$",
        r"^(?:\w\d){60}$",
        r"^(?:\w[\d-]?){3,20}$",
        r"^\w{60}$",
        r"\b\w+\b \b\w+\b",
        r"\w+\s\w+\s\w+\s\w+\s\w+\s\w+\s\w+\s\w+\s\w+\s\w+",
        r"\p{L}+\P{L}+\p{Lu}?\p{Ll}+\p{N}?\pM?",
        &format!("^(?:{words}|x)$"),
        &"a?".repeat(200),
    ] {
        agrees(db, pattern, false, &all).await?;
        agrees(db, pattern, true, &all).await?;
    }
    Ok(())
}

/// Where an engine gives up on a pattern it says so, and gives no wrong answer.
pub async fn patterns_without_end_are_errors(db: &Db) -> Result<()> {
    let all = vec![format!("{}!x", "a".repeat(60)), "b".to_owned()];
    texts(db, &all).await?;
    for pattern in ["(a+)+b|x$", "(a|a)+b|x$", "(a*a*)*b|!x", "^(?:a?){60}a{60}!"] {
        let found = Sample::filter(Sample::text.regex(pattern)).all(db).await;
        let rest = Sample::exclude(Sample::text.regex(pattern)).all(db).await;
        match (found, rest) {
            (Ok(found), Ok(rest)) => assert_eq!((found.len() + rest.len(), found.is_empty()), (3, false), "{pattern}"),
            (Err(error), _) | (_, Err(error)) if error.missing_feature().is_some() => return Err(error),
            (found, rest) => {
                for error in [found.err(), rest.err()].into_iter().flatten() {
                    assert!(matches!(error.kind(), ErrorKind::Timeout | ErrorKind::InvalidPattern), "{error:?}");
                }
            }
        }
    }
    Ok(())
}

/// What no database can do, or not every one, is refused before it is sent, by name and without the pattern.
pub async fn what_databases_cannot_do_is_refused(db: &Db) -> Result<()> {
    for (pattern, what, hint) in [
        ("secret(?=a)", "look-around", "combine conditions"),
        ("secret(?<!a)", "look-around", "combine conditions"),
        (r"(secret)\1", "backreferences", "in Rust"),
        ("secret(", "unclosed group", "the crate `regex`"),
        ("secret[z-a]", "range", "the crate `regex`"),
        ("secret\\", "at character 7", "the crate `regex`"),
        ("sécret**(", "unclosed group", "the crate `regex`"),
        (r"secret\p{Klingon}", "Unicode property", "the crate `regex`"),
        (r"(?-u)secret\xFF", "UTF-8", "for text"),
        ("secret{256}", "more than 255 times", "{250}"),
        ("(?:(?:(?:secret){255}){255}){255}", "too large", "lower their counts"),
        (r"(?:\w{255}){3}", "too large", r"(?-u:\w)"),
        ("(?Rm)secret$", "the flag `R`", r"\r?$"),
        ("secret\0", "NUL", "remove it"),
        ("secret[a&&b]", "no character", "remove it"),
        (&"secret".repeat(2_000), "10,000 bytes", "split it"),
        (&format!("{}secret{}", "(".repeat(300), ")".repeat(300)), "nest", "the crate `regex`"),
    ] {
        for lookup in [Sample::text.regex(pattern), Sample::text.iregex(pattern)] {
            let error = Sample::filter(lookup).all(db).await.unwrap_err();
            if error.missing_feature().is_some() {
                return Err(error);
            }
            let text = format!("{error} {error:?}");
            assert_eq!(error.kind(), ErrorKind::InvalidPattern, "{text}");
            assert!(text.contains(what) && text.contains(hint) && !text.contains("cret"), "{what}, {hint}: {text}");
        }
    }
    // Nothing was sent, so nothing has failed.
    db.transaction(async |tx| {
        assert!(Sample::filter(Sample::text.regex("(")).all(tx).await.is_err());
        Sample::create().label("after").save(tx).await
    })
    .await?;
    assert_eq!(samples_where(db, Sample::label.regex("^after$")).await?, "after");
    Ok(())
}

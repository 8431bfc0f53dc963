//! The case of every letter of Unicode.

use covet::{backend::Db, error::Result, prelude::*};
use covet_macros::Model;
use std::collections::BTreeSet;

/// Letters that MariaDB leaves as they are, or folds in its own way; `docs/text.md` has the same lists.
#[rustfmt::skip]
const MARIADB: &[(u32, u32)] = &[
    (0x0130, 0x0130), (0x0180, 0x0180), (0x019a, 0x019e), (0x0220, 0x0220), (0x023a, 0x0252), (0x025c, 0x025c), (0x0261, 0x0266), (0x026a, 0x026c), (0x0271, 0x0271), (0x027d, 0x027d), (0x0282, 0x0282), (0x0287, 0x028c), (0x029d, 0x029e), (0x0370, 0x0377), (0x037b, 0x037f), (0x03cf, 0x03cf), (0x03d7, 0x03d9), (0x03f2, 0x03ff), (0x048a, 0x048b), (0x04c0, 0x04c0), (0x04c5, 0x04cf), (0x04f6, 0x052f), (0x10a0, 0x10c7), (0x10cd, 0x10ff), (0x13a0, 0x13fd), (0x1c89, 0x1c8a), (0x1c90, 0x1cbf), (0x1d79, 0x1d79), (0x1d7d, 0x1d7d), (0x1d8e, 0x1d8e), (0x1e9e, 0x1e9e), (0x1efa, 0x1eff), (0x2132, 0x2132), (0x214e, 0x214e), (0x2183, 0x2184), (0x2c00, 0x2c76), (0x2c7e, 0x2ce3), (0x2ceb, 0x2cee), (0x2cf2, 0x2cf3), (0x2d00, 0x2d27), (0x2d2d, 0x2d2d), (0xa640, 0xa66d), (0xa680, 0xa69b), (0xa722, 0xa76f), (0xa779, 0xa787), (0xa78b, 0xa7dc), (0xa7f5, 0xa7f6), (0xab53, 0xab53), (0xab70, 0xabbf), (0x10400, 0x1044f), (0x104b0, 0x104d3), (0x104d8, 0x104fb), (0x10570, 0x105bc), (0x10c80, 0x10cb2), (0x10cc0, 0x10cf2), (0x10d50, 0x10d65), (0x10d70, 0x10d85), (0x118a0, 0x118df), (0x16e40, 0x16e7f), (0x16ea0, 0x16ed3), (0x1e900, 0x1e943),
];

/// Those of MySQL.
#[rustfmt::skip]
const MYSQL: &[(u32, u32)] = &[
    (0x0130, 0x0130), (0x019b, 0x019b), (0x023a, 0x023a), (0x023e, 0x023e), (0x0264, 0x0264), (0x0282, 0x0282), (0x10d0, 0x10ff), (0x1c89, 0x1c8a), (0x1c90, 0x1cbf), (0x1d8e, 0x1d8e), (0x2c2f, 0x2c2f), (0x2c5f, 0x2c5f), (0x2c65, 0x2c66), (0xa794, 0xa794), (0xa7b8, 0xa7dc), (0xa7f5, 0xa7f6), (0x10570, 0x105bc), (0x10d50, 0x10d65), (0x10d70, 0x10d85), (0x16e40, 0x16e7f), (0x16ea0, 0x16ed3),
];

/// Those of PostgreSQL, whose ICU is older than the newest letters, and knows the sigma at the end of a word.
#[rustfmt::skip]
const POSTGRES: &[(u32, u32)] = &[
    (0x019b, 0x019b), (0x0264, 0x0264), (0x03a3, 0x03a3), (0x03c2, 0x03c3), (0x1c89, 0x1c8a), (0xa7cb, 0xa7d5), (0xa7da, 0xa7dc), (0x10d50, 0x10d65), (0x10d70, 0x10d85), (0x16ea0, 0x16ed3),
];

/// The letters whose case an engine may fold in its own way.
fn listed(engine: &str) -> &'static [(u32, u32)] {
    match engine {
        "mariadb" => MARIADB,
        "mysql" => MYSQL,
        "pg" => POSTGRES,
        _ => &[],
    }
}

/// Two letters, each behind another one, since case may depend on that.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "letters")]
struct Pair {
    id: i64,
    one: String,
    other: String,
}

/// The only character that a mapping gives.
fn single(mut mapped: impl Iterator<Item = char>) -> Option<char> {
    mapped.next().filter(|_| mapped.next().is_none())
}

/// The simple lower case.
fn lower(c: char) -> char {
    single(c.to_lowercase()).unwrap_or(c)
}

/// Every letter that has a case, with its lower case, and with each relative whose lower case is another one.
fn pairs() -> Vec<(char, char)> {
    let mut pairs = BTreeSet::new();
    for c in '\0'..=char::MAX {
        let upper = single(c.to_uppercase());
        let (first_lower, first_upper) = (c.to_lowercase().next(), c.to_uppercase().next());
        let relatives =
            [Some(lower(c)), upper, upper.map(lower), single(lower(c).to_uppercase()), first_lower, first_upper];
        pairs.extend(relatives.into_iter().flatten().filter(|other| *other != c).map(|other| (c, other)));
    }
    pairs.into_iter().collect()
}

/// Every letter is its lower case and none of its other relatives, but for those that `docs/text.md` lists.
pub async fn letters_fold_alike(db: &Db) -> Result<()> {
    let (pairs, listed) = (pairs(), listed(db.dialect().short_name()));
    let is_listed = |letter: char| listed.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(letter)));
    assert!(pairs.len() > 2_800, "{} pairs", pairs.len());
    db.drop_tables(models![Pair]).await?;
    db.create_tables(models![Pair]).await?;
    let row = |(id, (one, other)): (i64, &(char, char))| {
        Pair::create().id(id).one(format!("a{one}")).other(format!("a{other}")).build()
    };
    Pair::bulk_create((1..).zip(&pairs).map(row)).exec(db).await?;
    let equal = Pair::filter(Pair::one.ieq(Pair::other)).all(db).await?;
    let equal: BTreeSet<i64> = equal.into_iter().map(|row| row.id).collect();
    let wrong: Vec<_> = (1..)
        .zip(&pairs)
        .filter(|(id, (one, other))| equal.contains(id) != (lower(*one) == lower(*other)))
        .filter(|(_, (one, _))| !is_listed(*one))
        .map(|(_, (one, other))| format!("{one} U+{:04X} {other} U+{:04X}", u32::from(*one), u32::from(*other)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    db.drop_tables(models![Pair]).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    #[test]
    fn docs_list_the_same_letters() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/text.md");
        let page = fs::read_to_string(page).unwrap();
        for list in [MARIADB, MYSQL, POSTGRES] {
            let range = |(first, last): &(u32, u32)| {
                if first == last { format!("{first:04X}") } else { format!("{first:04X}-{last:04X}") }
            };
            let line = list.iter().map(range).collect::<Vec<_>>().join(", ");
            assert!(page.contains(&line), "docs/text.md lacks {line}");
        }
    }
}

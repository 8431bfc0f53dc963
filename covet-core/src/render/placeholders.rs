//! The placeholders of SQL that the user writes: `?` on every engine.

use super::{Dialect, Writer};
use crate::error::{Error, ErrorKind, Result};

/// How a database quotes and comments, as far as it differs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quotes {
    /// Inside of quotes a backslash takes the character behind it.
    pub backslash: bool,
    /// `E'..'` is a text with backslashes.
    pub e_text: bool,
    /// `$tag$ .. $tag$` quotes.
    pub dollar: bool,
    /// Comments stand inside comments.
    pub nested: bool,
    /// `#` begins a comment.
    pub hash: bool,
}

/// Spells the placeholders of `text` as the dialect does, and counts them. Quoted text, quoted names
/// and comments stay as they are; `??` is a question mark.
///
/// # Errors
/// When the text has several statements: some drivers would run the first one only.
pub fn placeholders(dialect: &dyn Dialect, text: &str) -> Result<(String, usize)> {
    let quotes = dialect.quotes();
    let mut w = Writer::new(dialect);
    let (mut at, mut count, mut ended) = (0, 0, false);
    while let Some(c) = text[at..].chars().next() {
        let (done, rest) = text.split_at(at);
        let length = match skipped(done, rest, quotes) {
            0 if rest.starts_with("??") => {
                w.sql("?");
                at += 2;
                continue;
            }
            0 if c == '?' => {
                count += 1;
                dialect.placeholder(&mut w, count);
                at += 1;
                continue;
            }
            0 => {
                if ended && !c.is_whitespace() && c != ';' && !has_body(text) {
                    return Err(several_statements());
                }
                ended |= c == ';';
                c.len_utf8()
            }
            length => length,
        };
        w.sql(&rest[..length]);
        at += length;
    }
    Ok((w.finish().0, count))
}

/// Triggers and routines have statements inside.
fn has_body(text: &str) -> bool {
    let mut words = text.split_whitespace().map(str::to_ascii_uppercase);
    words.next().is_some_and(|first| first == "CREATE") && words.any(|word| word == "BEGIN")
}

#[cold]
fn several_statements() -> Error {
    Error::new(ErrorKind::Configuration, "the text has several SQL statements")
        .hint("run each of them by itself, in a transaction where they belong together")
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// The length of the quoted text, quoted name or comment at the beginning of `rest`; 0 if there is none.
fn skipped(done: &str, rest: &str, quotes: Quotes) -> usize {
    let is_e_text = || quotes.e_text && done.strip_suffix(['e', 'E']).is_some_and(|before| !ends_in_word(before));
    match rest.as_bytes() {
        [b'\'', ..] => quoted(rest, '\'', quotes.backslash || is_e_text()),
        [b'"', ..] => quoted(rest, '"', quotes.backslash),
        [b'`', ..] => quoted(rest, '`', false),
        // MySQL takes `5--2` for a subtraction.
        [b'-', b'-', next, ..] if quotes.hash && !next.is_ascii_whitespace() => 0,
        [b'-', b'-', ..] => line(rest),
        [b'#', ..] if quotes.hash => line(rest),
        [b'/', b'*', ..] => comment(rest, quotes.nested),
        [b'$', ..] if quotes.dollar && !ends_in_word(done) => dollar(rest),
        _ => 0,
    }
}

fn line(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// A doubled quote closes and opens again, which comes to the same.
fn quoted(rest: &str, quote: char, backslash: bool) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if backslash && c == '\\' {
            escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    rest.len()
}

fn comment(rest: &str, nested: bool) -> usize {
    let (mut at, mut depth) = (2, 1);
    while let Some(next) = rest[at..].find("*/").map(|end| at + end) {
        let opened = rest[at..next].find("/*").filter(|_| nested);
        match opened {
            Some(open) => {
                depth += 1;
                at += open + 2;
            }
            None => {
                depth -= 1;
                at = next + 2;
                if depth == 0 {
                    return at;
                }
            }
        }
    }
    rest.len()
}

/// `$tag$ .. $tag$`; a tag begins like a name.
fn dollar(rest: &str) -> usize {
    let Some(end) = rest[1..].find('$') else { return 0 };
    let tag = &rest[..end + 2];
    let name = &rest[1..=end];
    let is_name =
        name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit());
    if !is_name {
        return 0;
    }
    rest[tag.len()..].find(tag).map_or(rest.len(), |at| at + 2 * tag.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{feature::Features, render::BindLimits, schema::ColumnDef};

    #[derive(Debug)]
    struct Numbered(Quotes);

    impl Dialect for Numbered {
        fn name(&self) -> &'static str {
            "Numbered"
        }
        fn short_name(&self) -> &'static str {
            "numbered"
        }
        fn features(&self) -> Features {
            Features::NONE
        }
        fn limits(&self) -> BindLimits {
            BindLimits { parameters: 1, rows: 1, bytes: 1 }
        }
        fn column_type(&self, _: &ColumnDef) -> String {
            String::new()
        }
        fn placeholder(&self, w: &mut Writer<'_>, number: usize) {
            w.sql("$").number(number);
        }
        fn quotes(&self) -> Quotes {
            self.0
        }
    }

    const PG: Quotes = Quotes { backslash: false, e_text: true, dollar: true, nested: true, hash: false };
    const MYSQL: Quotes = Quotes { backslash: true, e_text: false, dollar: false, nested: false, hash: true };

    fn of(quotes: Quotes, text: &str) -> (String, usize) {
        placeholders(&Numbered(quotes), text).unwrap_or_else(|error| (error.to_string(), 0))
    }

    #[test]
    fn quoted_parts_stay_as_they_are() {
        let cases = [
            ("a = ? AND b = ?", "a = $1 AND b = $2", 2),
            ("'?' \"?\" `?` ?", "'?' \"?\" `?` $1", 1),
            ("'it''s ?' ?", "'it''s ?' $1", 1),
            ("a ?? 'k' AND ?", "a ? 'k' AND $1", 1),
            ("-- ?\n?", "-- ?\n$1", 1),
            ("/* ? */ ?", "/* ? */ $1", 1),
            ("é? '", "é$1 '", 1),
            ("", "", 0),
        ];
        for quotes in [Quotes::default(), PG, MYSQL] {
            for (text, spelt, count) in cases {
                assert_eq!(of(quotes, text), (spelt.to_owned(), count), "{text} {quotes:?}");
            }
        }
    }

    #[test]
    fn each_engine_quotes_in_its_own_way() {
        let spelt = |quotes, text| of(quotes, text).0;
        assert_eq!(spelt(PG, r"E'\'?' ?"), r"E'\'?' $1");
        assert_eq!(spelt(PG, r"LIKE'\' ?"), r"LIKE'\' $1");
        assert_eq!(spelt(PG, "$a$ ? $$ ? $a$ ? $$?$$"), "$a$ ? $$ ? $a$ $1 $$?$$");
        assert_eq!(spelt(PG, "/* /* ? */ ? */ ?"), "/* /* ? */ ? */ $1");
        assert_eq!(spelt(PG, "a # ?"), "a # $1");
        assert_eq!(spelt(MYSQL, r"'\'?' ?"), r"'\'?' $1");
        assert_eq!(spelt(MYSQL, "# ?\n?"), "# ?\n$1");
        assert_eq!(spelt(MYSQL, "/* /* ? */ ?"), "/* /* ? */ $1");
    }

    #[test]
    fn one_statement_at_a_time() {
        let of = |text| placeholders(&Numbered(PG), text).map(|(_, count)| count);
        assert!(of("SELECT ';' ; -- ;\n ; ").is_ok());
        assert!(of("CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END").is_ok());
        assert!(of("SELECT 1; DELETE FROM users").is_err_and(|error| error.kind() == ErrorKind::Configuration));
    }
}

//! Regular expressions: one syntax for users, the grammars of the databases underneath.
//!
//! The syntax is that of the crate `regex`. A pattern is read here, its flags and its classes of
//! Unicode's are spelt out, and what is left is written with characters, classes, groups, alternatives,
//! repetitions and looks around, which mean the same to every engine. A match is asked for, not where it
//! is, so that greed and groups do not matter. What cannot be written so is refused before anything is
//! sent.

use super::Grammar;
use crate::error::{Error, ErrorKind, Result};
use regex_syntax::{
    ParserBuilder, ast,
    hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition},
};
use std::fmt;

/// The longest pattern, in bytes.
const MOST_BYTES: usize = 10_000;

/// The highest count of a repetition: PostgreSQL's.
const MOST_REPEATS: u32 = 255;

/// The most characters and ranges of classes, once repetitions with a count are written out.
const MOST_PARTS: usize = 100_000;

/// The deepest nesting of groups and classes.
const MOST_NESTED: u32 = 100;

const SYNTAX: &str = "covet takes the syntax of the crate `regex`, for text";

/// Writes a pattern in the grammar of a database.
///
/// # Errors
/// [`ErrorKind::InvalidPattern`] when it is no regular expression, or says what not every database can.
pub fn translate(pattern: &str, ignore_case: bool, grammar: Grammar) -> Result<String> {
    if pattern.len() > MOST_BYTES {
        return Err(refused("is longer than 10,000 bytes").hint("split it into several conditions"));
    }
    if pattern.contains('\0') {
        return Err(nul());
    }
    let hir = parse(pattern, ignore_case)?;
    if parts(&hir)? > MOST_PARTS {
        return Err(refused("is too large once its repetitions are written out")
            .hint("lower their counts, or use `(?-u:\\w)` in place of `\\w`, which has 800 ranges of letters"));
    }
    if grammar == Grammar::Rust {
        return Ok(if ignore_case { format!("(?i){pattern}") } else { pattern.to_owned() });
    }
    let mut writer = Writer { out: String::with_capacity(pattern.len() * 2), grammar, classes: Vec::new() };
    // In a group, because MySQL takes no empty pattern.
    writer.group(&hir);
    Ok(writer.finish())
}

#[cold]
fn refused(what: impl fmt::Display) -> Error {
    Error::new(ErrorKind::InvalidPattern, format!("the regular expression {what}"))
}

fn parse(pattern: &str, ignore_case: bool) -> Result<Hir> {
    let mut parser = ParserBuilder::new();
    parser.case_insensitive(ignore_case).nest_limit(MOST_NESTED);
    parser.build().parse(pattern).map_err(|error| {
        let wrong = |span: &ast::Span, what: &dyn fmt::Display| {
            let at = pattern.get(..span.start.offset).map_or(0, |before| before.chars().count()) + 1;
            refused(format_args!("is wrong at character {at}: {what}"))
        };
        match &error {
            regex_syntax::Error::Parse(error) if *error.kind() == ast::ErrorKind::UnsupportedLookAround => {
                wrong(error.span(), error.kind()).hint("combine conditions: `name.regex(..) & !name.regex(..)`")
            }
            regex_syntax::Error::Parse(error) if *error.kind() == ast::ErrorKind::UnsupportedBackreference => {
                wrong(error.span(), error.kind()).hint("narrow the rows down, and compare the parts in Rust")
            }
            regex_syntax::Error::Parse(error) => wrong(error.span(), error.kind()).hint(SYNTAX),
            regex_syntax::Error::Translate(error) => wrong(error.span(), error.kind()).hint(SYNTAX),
            _ => refused("is wrong").hint(SYNTAX),
        }
    })
}

/// The size of what the engines make of it; refuses what they do not all know.
fn parts(hir: &Hir) -> Result<usize> {
    let sum = |all: &[Hir]| all.iter().try_fold(1, |sum: usize, one| Ok(sum.saturating_add(parts(one)?)));
    match hir.kind() {
        HirKind::Empty => Ok(1),
        HirKind::Literal(literal) if literal.0.contains(&0) => Err(nul()),
        HirKind::Literal(literal) => Ok(literal.0.len()),
        HirKind::Class(class) => match &unicode(class) {
            None => Err(nul()),
            Some(Chars::Any) => Ok(1),
            Some(Chars::In(class) | Chars::NotIn(class)) => Ok(class.ranges().len()),
        },
        HirKind::Look(Look::StartCRLF | Look::EndCRLF) => {
            Err(refused("has the flag `R`").hint("write `(?m)` with `\\r?$`, which every database can do"))
        }
        HirKind::Look(look) => Ok(if is_unicode_word(*look) { 4 * word(true).ranges().len() } else { 16 }),
        HirKind::Repetition(Repetition { min, max, sub, .. }) => {
            let most = max.unwrap_or(*min).max(*min);
            if most > MOST_REPEATS {
                return Err(refused(format_args!("repeats more than {MOST_REPEATS} times"))
                    .hint("`{1000}` can be written as `{250}` of a group with `{4}`"));
            }
            Ok(parts(sub)?.saturating_mul((most as usize).max(1)))
        }
        HirKind::Capture(capture) => parts(&capture.sub),
        HirKind::Concat(all) | HirKind::Alternation(all) => sum(all),
    }
}

#[cold]
fn nul() -> Error {
    refused("has a part that matches no character, or NUL").hint("remove it: no text holds a NUL")
}

/// The characters of a class, as the shorter way to write them.
enum Chars {
    Any,
    In(ClassUnicode),
    NotIn(ClassUnicode),
}

/// `None` when there is none. No text holds a NUL, so that it does not matter where it belongs.
fn unicode(class: &Class) -> Option<Chars> {
    let mut class = match class {
        Class::Unicode(class) => class.clone(),
        Class::Bytes(class) => class.to_unicode_class()?,
    };
    let nul = ClassUnicode::new([ClassUnicodeRange::new('\0', '\0')]);
    class.difference(&nul);
    let mut rest = class.clone();
    rest.negate();
    rest.difference(&nul);
    Some(match (class.ranges().len(), rest.ranges().len()) {
        (0, _) => return None,
        (_, 0) => Chars::Any,
        (positive, negative) if positive <= negative => Chars::In(class),
        _ => Chars::NotIn(rest),
    })
}

fn is_unicode_word(look: Look) -> bool {
    matches!(
        look,
        Look::WordUnicode
            | Look::WordUnicodeNegate
            | Look::WordStartUnicode
            | Look::WordEndUnicode
            | Look::WordStartHalfUnicode
            | Look::WordEndHalfUnicode
    )
}

/// What `\b` takes for a part of a word.
fn word(unicode: bool) -> ClassUnicode {
    let parsed = ParserBuilder::new().unicode(unicode).build().parse(r"\w").map(Hir::into_kind);
    let class = match parsed {
        Ok(HirKind::Class(Class::Unicode(class))) => Some(class),
        Ok(HirKind::Class(Class::Bytes(class))) => class.to_unicode_class(),
        Ok(_) | Err(_) => None,
    };
    class.unwrap_or_else(ClassUnicode::empty)
}

struct Writer {
    out: String,
    grammar: Grammar,
    classes: Vec<String>,
}

/// PCRE compiles at most 64 KiB, of which `\w` takes a tenth. Longer classes are written once, and called.
const MOST_INLINE: usize = 500;

impl Writer {
    fn finish(self) -> String {
        if self.grammar != Grammar::Pcre {
            return self.out;
        }
        // The collation of a column may ignore case.
        let mut whole = "(?-i)".to_owned();
        if !self.classes.is_empty() {
            whole.push_str("(?(DEFINE)");
            self.classes.iter().for_each(|class| whole.extend(["(", class, ")"]));
            whole.push(')');
        }
        whole + &self.out
    }

    /// A class as it stands in the pattern.
    fn called(&mut self, class: String) -> String {
        if self.grammar != Grammar::Pcre || class.len() <= MOST_INLINE {
            return class;
        }
        let at = self.classes.iter().position(|other| *other == class).unwrap_or(self.classes.len());
        if at == self.classes.len() {
            self.classes.push(class);
        }
        format!("(?{})", at + 1)
    }

    fn group(&mut self, hir: &Hir) {
        self.out.push_str("(?:");
        match hir.kind() {
            HirKind::Alternation(all) => {
                for (at, one) in all.iter().enumerate() {
                    if at > 0 {
                        self.out.push('|');
                    }
                    self.sequence(one);
                }
            }
            HirKind::Empty
            | HirKind::Literal(_)
            | HirKind::Class(_)
            | HirKind::Look(_)
            | HirKind::Repetition(_)
            | HirKind::Capture(_)
            | HirKind::Concat(_) => self.sequence(hir),
        }
        self.out.push(')');
    }

    /// What stands beside others.
    fn sequence(&mut self, hir: &Hir) {
        match hir.kind() {
            HirKind::Empty => {}
            HirKind::Literal(literal) => {
                String::from_utf8_lossy(&literal.0).chars().for_each(|c| character(&mut self.out, c));
            }
            HirKind::Class(class) => self.class(class),
            HirKind::Look(look) => self.look(*look),
            HirKind::Repetition(repetition) => self.repetition(repetition),
            HirKind::Capture(capture) => self.sequence(&capture.sub),
            HirKind::Concat(all) => all.iter().for_each(|one| self.sequence(one)),
            HirKind::Alternation(_) => self.group(hir),
        }
    }

    fn repetition(&mut self, repetition: &Repetition) {
        let Repetition { min, max, sub, .. } = repetition;
        // PostgreSQL repeats no `^`; nothing twice is nothing.
        if sub.properties().maximum_len() == Some(0) || *max == Some(0) {
            if *min > 0 {
                self.sequence(sub);
            }
            return;
        }
        match sub.kind() {
            HirKind::Class(class) => self.class(class),
            HirKind::Empty
            | HirKind::Literal(_)
            | HirKind::Look(_)
            | HirKind::Repetition(_)
            | HirKind::Capture(_)
            | HirKind::Concat(_)
            | HirKind::Alternation(_) => self.group(sub),
        }
        let count = match (*min, *max) {
            (0, None) => "*".to_owned(),
            (1, None) => "+".to_owned(),
            (0, Some(1)) => "?".to_owned(),
            (min, None) => format!("{{{min},}}"),
            (min, Some(max)) => format!("{{{min},{max}}}"),
        };
        self.out.push_str(&count);
    }

    fn class(&mut self, class: &Class) {
        let text = match unicode(class) {
            None => return,
            Some(Chars::Any) if self.grammar == Grammar::Advanced => ".".to_owned(),
            Some(Chars::Any) => r"[\s\S]".to_owned(),
            Some(Chars::In(class)) => ranges("[", &class),
            Some(Chars::NotIn(class)) => ranges("[^", &class),
        };
        let text = self.called(text);
        self.out.push_str(&text);
    }

    fn look(&mut self, look: Look) {
        let (start, end) = if self.grammar == Grammar::Advanced { ("^", "$") } else { (r"\A", r"\z") };
        let w = match look {
            Look::Start | Look::StartLF | Look::StartCRLF | Look::End | Look::EndLF | Look::EndCRLF => String::new(),
            Look::WordAscii
            | Look::WordAsciiNegate
            | Look::WordStartAscii
            | Look::WordEndAscii
            | Look::WordStartHalfAscii
            | Look::WordEndHalfAscii
            | Look::WordUnicode
            | Look::WordUnicodeNegate
            | Look::WordStartUnicode
            | Look::WordEndUnicode
            | Look::WordStartHalfUnicode
            | Look::WordEndHalfUnicode => self.called(ranges("[", &word(is_unicode_word(look)))),
        };
        let text = match look {
            Look::Start => start.to_owned(),
            Look::End => end.to_owned(),
            // `(?m)^` of PCRE does not stand behind a line break that ends the text.
            Look::StartLF | Look::StartCRLF => format!(r"(?:{start}|(?<=\n))"),
            Look::EndLF | Look::EndCRLF => format!(r"(?:{end}|(?=\n))"),
            Look::WordAscii | Look::WordUnicode => format!("(?:(?<={w})(?!{w})|(?<!{w})(?={w}))"),
            Look::WordAsciiNegate | Look::WordUnicodeNegate => format!("(?:(?<={w})(?={w})|(?<!{w})(?!{w}))"),
            Look::WordStartAscii | Look::WordStartUnicode => format!("(?<!{w})(?={w})"),
            Look::WordEndAscii | Look::WordEndUnicode => format!("(?<={w})(?!{w})"),
            Look::WordStartHalfAscii | Look::WordStartHalfUnicode => format!("(?<!{w})"),
            Look::WordEndHalfAscii | Look::WordEndHalfUnicode => format!("(?!{w})"),
        };
        self.out.push_str(&text);
    }
}

/// Everything in ASCII but letters and digits may mean something to an engine, in a class or with a flag
/// that the server sets.
fn character(out: &mut String, c: char) {
    if c.is_ascii() && !c.is_ascii_alphanumeric() {
        out.push('\\');
    }
    out.push(c);
}

fn ranges(open: &str, class: &ClassUnicode) -> String {
    let mut out = open.to_owned();
    for range in class.ranges() {
        let (start, end) = (range.start(), range.end());
        character(&mut out, start);
        if start < end {
            if u32::from(start) + 1 < u32::from(end) {
                out.push('-');
            }
            character(&mut out, end);
        }
    }
    out.push(']');
    out
}

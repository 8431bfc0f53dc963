//! One rule, one value.

use crate::{
    schema::{Limit, Rule},
    value::{NotNull, OwnedRow, Value},
    violation::Violation,
};
use email_address::{EmailAddress, Options};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use std::{cmp::Ordering, slice};

/// What a value breaks. The lengths of a sensitive text stay out.
pub(super) fn check(rule: &Rule, value: &Value, sensitive: bool) -> Option<Violation> {
    match rule {
        Rule::MinLength(min) => text(value, |text| at_least(text, *min, sensitive)),
        Rule::Min(limit) => {
            let meets = matches!(compare(value, limit), Some(Ordering::Greater | Ordering::Equal));
            broken(!meets, || of_limit("min", "must be at least", limit))
        }
        Rule::Max(limit) => {
            let meets = matches!(compare(value, limit), Some(Ordering::Less | Ordering::Equal));
            broken(!meets, || of_limit("max", "must be at most", limit))
        }
        Rule::Regex { pattern, matches } => text(value, |text| {
            broken(!matches(text), || {
                Violation::new("regex", format!("must match the pattern {pattern}")).with("pattern", *pattern)
            })
        }),
        Rule::Email => {
            text(value, |text| broken(!is_email(text), || Violation::new("email", "must be an e-mail address")))
        }
        #[cfg(feature = "url")]
        Rule::Url => text(value, |text| {
            broken(!is_url(text), || Violation::new("url", "must be a URL that begins with http:// or https://"))
        }),
        Rule::Slug => text(value, |text| {
            let is_slug = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            broken(!is_slug, || {
                Violation::new("slug", "must have only letters (a to z), digits, hyphens and underscores")
            })
        }),
        Rule::OneOf(choices) => text(value, |text| {
            broken(!choices.contains(&text), || {
                let choices_json = choices.iter().map(|choice| Json::from(*choice)).collect::<Vec<_>>();
                Violation::new("one_of", format!("must be one of: {}", choices.join(", ")))
                    .with("choices", choices_json)
            })
        }),
        Rule::Custom(rule) => rule(value).err(),
    }
}

/// Too long a text. Characters are Unicode's scalar values, as databases count them.
pub(super) fn max_length(text: &str, max: u32, sensitive: bool) -> Option<Violation> {
    // No character is shorter than a byte.
    if text.len() <= max as usize {
        return None;
    }
    let length = text.chars().count();
    broken(length > max as usize, || of_length("max_length", "at most", ("max", max), length, sensitive))
}

fn at_least(text: &str, min: u32, sensitive: bool) -> Option<Violation> {
    let length = text.chars().count();
    broken(length < min as usize, || of_length("min_length", "at least", ("min", min), length, sensitive))
}

fn broken(is_broken: bool, violation: impl FnOnce() -> Violation) -> Option<Violation> {
    is_broken.then(violation)
}

fn text(value: &Value, rule: impl FnOnce(&str) -> Option<Violation>) -> Option<Violation> {
    if let Value::Text(text) = value { rule(text) } else { None }
}

fn of_length(code: &'static str, how: &str, (name, limit): (&str, u32), length: usize, sensitive: bool) -> Violation {
    let characters = if limit == 1 { "character" } else { "characters" };
    let mut message = format!("must have {how} {limit} {characters}");
    if !sensitive {
        message += &format!(" (has {length})");
    }
    let violation = Violation::new(code, message).with(name, limit);
    if sensitive { violation } else { violation.with("length", length) }
}

fn of_limit(code: &'static str, how: &str, limit: &Limit) -> Violation {
    let number = limit.text.parse::<i64>().map_or_else(|_| Json::from(limit.float), Json::from);
    Violation::new(code, format!("{how} {}", limit.text)).with(code, number)
}

/// How a number stands to a limit; `None` for NaN, which is in no range.
fn compare(value: &Value, limit: &Limit) -> Option<Ordering> {
    let exact = |number: Decimal| limit.exact.map(|limit| number.cmp(&limit));
    match value {
        Value::I16(n) => exact((*n).into()),
        Value::I32(n) => exact((*n).into()),
        Value::I64(n) => exact((*n).into()),
        Value::U8(n) => exact((*n).into()),
        Value::U16(n) => exact((*n).into()),
        Value::U32(n) => exact((*n).into()),
        Value::U64(n) => exact((*n).into()),
        Value::Decimal(n) => exact(*n),
        #[expect(clippy::cast_possible_truncation, reason = "the limit as an `f32` would be written")]
        Value::F32(n) => n.partial_cmp(&(limit.float as f32)),
        Value::F64(n) => n.partial_cmp(&limit.float),
        Value::Null
        | Value::Bool(_)
        | Value::Text(_)
        | Value::Bytes(_)
        | Value::Uuid(_)
        | Value::Ip(_)
        | Value::DateTime(_)
        | Value::NaiveDateTime(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Json(_)
        | Value::Refused(_)
        | Value::List(_) => Some(Ordering::Equal),
    }
}

/// An address alone, without a name, at a host with a dot in its name.
fn is_email(text: &str) -> bool {
    let options = Options::default().without_display_text().without_domain_literal().with_required_tld();
    EmailAddress::parse_with_options(text, options).is_ok()
}

/// An absolute URL of the web. The parser drops spaces around a URL and line ends in it, which a column keeps.
#[cfg(feature = "url")]
fn is_url(text: &str) -> bool {
    let parsed = url::Url::parse(text);
    let is_plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    is_plain && parsed.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// A pattern of `#[covet(regex = "..")]`, compiled when it is first asked. The macro has made sure that it can be.
#[cfg(feature = "regex")]
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    compiled: std::sync::OnceLock<Option<regex::Regex>>,
}

/// More than any pattern takes that the macro lets through.
#[cfg(feature = "regex")]
const MOST_BYTES: usize = 1 << 28;

#[cfg(feature = "regex")]
impl Pattern {
    /// A pattern.
    pub const fn new(text: &'static str) -> Pattern {
        Pattern { text, compiled: std::sync::OnceLock::new() }
    }

    /// Whether a part of the text matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled().is_some_and(|pattern| pattern.is_match(text))
    }

    fn compiled(&self) -> Option<&regex::Regex> {
        let compile = || regex::RegexBuilder::new(self.text).size_limit(MOST_BYTES).build().ok();
        self.compiled.get_or_init(compile).as_ref()
    }
}

/// Asks a rule of the application for a text.
///
/// # Errors
/// What the rule finds wrong.
pub fn custom_text(value: &Value, rule: fn(&str) -> Result<(), Violation>) -> Result<(), Violation> {
    if let Value::Text(text) = value { rule(text) } else { Ok(()) }
}

/// Asks a rule of the application for a value of its type.
///
/// # Errors
/// What the rule finds wrong.
pub fn custom<T: NotNull>(value: &Value, rule: fn(&T) -> Result<(), Violation>) -> Result<(), Violation> {
    // A value that no database can hold is refused when it is sent.
    match T::decode_or_null(&OwnedRow(slice::from_ref(value)), 0) {
        Ok(Some(value)) => rule(&value),
        Ok(None) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(rule: &Rule, value: impl Into<String>) -> Option<String> {
        check(rule, &Value::Text(value.into().into()), false).map(|violation| violation.code().to_owned())
    }

    /// A limit as the macro writes it.
    fn limit(text: &'static str) -> Limit {
        let number = text.trim_start_matches('-');
        let (whole, behind) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{behind}").parse().expect("digits");
        let scale = u32::try_from(behind.len()).expect("few digits");
        Limit::new(text, text.parse().expect("a number"), digits, scale, text.starts_with('-'))
    }

    proptest! {
        #[test]
        fn lengths_are_characters(text in "\\PC{0,12}", max in 1_u32..12) {
            let length = text.chars().count();
            let too_long = max_length(&text, max, false);
            prop_assert_eq!(too_long.is_some(), length > max as usize);
            prop_assert_eq!(too_long.and_then(|v| v.param("length").cloned()), (length > max as usize).then(|| length.into()));
            prop_assert_eq!(at_least(&text, max, false).is_some(), length < max as usize);
        }

        #[test]
        fn slugs_are_what_the_words_say(text in "[a-zA-Z0-9 _.é-]{1,8}") {
            let is_slug = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            prop_assert_eq!(code(&Rule::Slug, text).is_none(), is_slug);
        }

        #[test]
        fn integers_compare_exactly(number in any::<i64>(), near in -2_i64..=2) {
            for (text, bound) in [("-5", -5), ("9223372036854775807", i64::MAX), ("-9223372036854775808", i64::MIN), ("0", 0)] {
                for number in [number, bound.saturating_add(near)] {
                    prop_assert_eq!(compare(&Value::I64(number), &limit(text)), Some(number.cmp(&bound)));
                }
            }
        }

        #[test]
        fn decimals_compare_exactly(cents in -100_000_i64..100_000) {
            let number = Value::Decimal(Decimal::new(cents, 2));
            prop_assert_eq!(compare(&number, &limit("99.990")), Some(cents.cmp(&9_999)));
            prop_assert_eq!(compare(&number, &limit("-0.01")), Some(cents.cmp(&-1)));
        }

        #[test]
        fn floats_compare_as_their_own_type(number in any::<f32>()) {
            prop_assert_eq!(compare(&Value::F32(number), &limit("0.1")), number.partial_cmp(&0.1));
            prop_assert_eq!(compare(&Value::F64(number.into()), &limit("0.1")), f64::from(number).partial_cmp(&0.1));
        }

        #[test]
        fn no_text_is_beyond_the_forms(text in "\\PC{0,40}") {
            // Any text gets an answer.
            let _ = (is_email(&text), code(&Rule::OneOf(&["a"]), text));
        }
    }

    #[test]
    fn choices_are_whole_texts() {
        let rule = Rule::OneOf(&["small", "large"]);
        assert_eq!(code(&rule, "small"), None);
        let violation = check(&rule, &Value::Text("smal".into()), false).expect("no choice");
        assert_eq!(violation.message(), "must be one of: small, large");
        assert_eq!(violation.param("choices"), Some(&serde_json::json!(["small", "large"])));
    }

    /// What the macro lets through compiles, so that a pattern never refuses a text by being too large.
    #[cfg(feature = "regex")]
    #[test]
    fn the_largest_patterns_compile() {
        for text in [r"\w{120}", "[a-z]{100}{100}{10}", "(?i)(?:äöü){1000}{16}", r"(?:\p{L}\p{N}){90}"] {
            assert!(Pattern::new(text).compiled().is_some(), "{text}");
        }
        assert!(!Pattern::new("^a$").is_match("a\n"));
        assert!(Pattern::new("^a$").is_match("a"));
    }
}

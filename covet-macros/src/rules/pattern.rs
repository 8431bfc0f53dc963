//! `regex`: the pattern is read when the macro runs.

use syn::{Error, LitStr, Result};

#[cfg(not(feature = "regex"))]
pub fn check(pattern: &LitStr) -> Result<()> {
    Err(Error::new(pattern.span(), "`regex` needs the feature `regex` of covet"))
}

/// The most characters and ranges of classes, once repetitions with a count are written out: what
/// the crate `regex` compiles in some milliseconds.
#[cfg(feature = "regex")]
const MOST_PARTS: usize = 100_000;

#[cfg(feature = "regex")]
pub fn check(pattern: &LitStr) -> Result<()> {
    use regex_syntax::{Error::Parse, Error::Translate, Parser};
    let hir = Parser::new().parse(&pattern.value()).map_err(|error| {
        let what = match &error {
            Parse(error) => error.kind().to_string(),
            Translate(error) => error.kind().to_string(),
            other => other.to_string(),
        };
        Error::new(pattern.span(), format!("not a regular expression: {what}"))
    })?;
    if parts(&hir) > MOST_PARTS {
        return Err(Error::new(pattern.span(), "too large once its repetitions are written out: lower their counts"));
    }
    Ok(())
}

#[cfg(feature = "regex")]
fn parts(hir: &regex_syntax::hir::Hir) -> usize {
    use regex_syntax::hir::{Class, HirKind};
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => class.ranges().len(),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min).max(repetition.min).max(1);
            parts(&repetition.sub).saturating_mul(most as usize)
        }
        HirKind::Capture(capture) => parts(&capture.sub),
        HirKind::Concat(all) | HirKind::Alternation(all) => {
            all.iter().fold(1, |sum, one| sum.saturating_add(parts(one)))
        }
    }
}

//! `covet_regexp(pattern, text)`: whether a text matches, by the crate `regex`.

use regex::{Regex, RegexBuilder};
use rusqlite::{Connection, Error, Result, functions::FunctionFlags};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The patterns that a connection keeps compiled. With one more it starts anew.
const MOST_PATTERNS: usize = 32;

/// The most bytes of one compiled pattern. What the core lets pass is smaller.
const MOST_BYTES: usize = 64 << 20;

/// Adds the function to a connection.
pub fn add(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let compiled = Compiled::default();
    connection.create_scalar_function("covet_regexp", 2, flags, move |context| {
        // SQLite keeps it for the other rows of the statement.
        let regex = context.get_or_create_aux(0, |pattern| compiled.get(pattern.as_str()?))?;
        let text: Option<&str> = context.get_raw(1).as_str_or_null()?;
        Ok(text.map(|text| regex.is_match(text)))
    })
}

#[derive(Default)]
struct Compiled(Mutex<HashMap<String, Arc<Regex>>>);

impl Compiled {
    fn get(&self, pattern: &str) -> std::result::Result<Arc<Regex>, Box<dyn std::error::Error + Send + Sync>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(regex) = kept.get(pattern) {
            return Ok(Arc::clone(regex));
        }
        // The error would show the pattern.
        let regex = RegexBuilder::new(pattern).size_limit(MOST_BYTES).nest_limit(1_000).build();
        let regex = Arc::new(regex.map_err(|_| Error::UserFunctionError("the regular expression is wrong".into()))?);
        if kept.len() >= MOST_PATTERNS {
            kept.clear();
        }
        kept.insert(pattern.to_owned(), Arc::clone(&regex));
        Ok(regex)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_compiled_once_and_do_not_pile_up() {
        let compiled = Compiled::default();
        let first = compiled.get("a").unwrap();
        assert!(Arc::ptr_eq(&first, &compiled.get("a").unwrap()));
        for n in 0..100 {
            compiled.get(&format!("a{n}")).unwrap();
        }
        assert!(compiled.0.lock().unwrap().len() <= MOST_PATTERNS);
    }
}

//! What SQLite has, and the functions that covet adds to it.

use covet_core::{
    error::Result,
    feature::{Feature, Features},
};
use rusqlite::{Connection, functions::FunctionFlags};

#[cfg(feature = "regex")]
mod regex;

#[cfg(feature = "regex")]
const REGEX: Features = Features::NONE.with(Feature::Regex);
#[cfg(not(feature = "regex"))]
const REGEX: Features = Features::NONE;

/// What SQLite has. `RETURNING` of a key costs twice as much as `last_insert_rowid()`, so that is left out.
pub const FEATURES: Features = REGEX
    .with(Feature::ConflictTarget)
    .with(Feature::ConflictsFromQuery)
    .with(Feature::WriteReturning)
    .with(Feature::ReturningRow)
    .with(Feature::VirtualColumns)
    .with(Feature::SimultaneousAssignment)
    .with(Feature::PartialIndexes)
    .with(Feature::ExpressionIndexes)
    .with(Feature::TransactionalDdl)
    .with(Feature::LongLists)
    .with(Feature::FloatInfinity);

/// Adds functions of covet's own:
///
/// * `covet_lower`: Unicode's simple lower case, where SQLite's own `lower` knows ASCII only;
/// * `covet_double`: the nearest number to its text, as Rust reads it;
/// * `covet_regexp`, with the cargo feature `regex`.
pub fn add_functions(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection
        .create_scalar_function("covet_lower", 1, flags, |context| {
            let text: Option<&str> = context.get_raw(0).as_str_or_null()?;
            Ok(text.map(lower))
        })
        .and_then(|()| {
            connection.create_scalar_function("covet_double", 1, flags, |context| {
                Ok(context.get_raw(0).as_str()?.parse::<f64>().ok())
            })
        })
        .map_err(|error| crate::error::from_driver(&error))?;
    #[cfg(feature = "regex")]
    regex::add(connection).map_err(|error| crate::error::from_driver(&error))?;
    Ok(())
}

/// The simple lower case: one character for one.
pub fn lower(text: &str) -> String {
    let simple = |c: char| {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(one), None) => one,
            _ => c,
        }
    };
    text.chars().map(simple).collect()
}

#[cfg(test)]
mod tests {
    use super::lower;

    #[test]
    fn case_folds_beyond_ascii_and_keeps_the_length() {
        assert_eq!(lower("ÉCOLE Ж"), "école ж");
        assert_eq!(lower("İ").chars().count(), 1);
    }
}

//! What SQLite has, and the functions that covet adds to it.

use covet_core::{
    error::Result,
    feature::{Feature, Features},
};
use rusqlite::{Connection, functions::FunctionFlags};

/// What SQLite has. `RETURNING` costs twice as much as `last_insert_rowid()`, so it is left out.
pub const FEATURES: Features =
    Features::NONE.with(Feature::SimultaneousAssignment).with(Feature::TransactionalDdl).with(Feature::FloatInfinity);

/// Adds `covet_lower`: Unicode's simple lower case, where SQLite's own `lower` knows ASCII only.
pub fn add_functions(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection
        .create_scalar_function("covet_lower", 1, flags, |context| {
            let text: Option<&str> = context.get_raw(0).as_str_or_null()?;
            Ok(text.map(lower))
        })
        .map_err(|error| crate::error::from_driver(&error))
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

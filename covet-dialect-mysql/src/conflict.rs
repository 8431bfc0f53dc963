//! New rows whose unique value exists already.
//!
//! `ON DUPLICATE KEY UPDATE` has no target: every unique key of the table fires it. What the core sends
//! here is right with any key, or looked at again by the core.

use crate::dialect::Flavour;
use covet_core::{
    ast::{Conflict, Insert},
    error::Result,
    render::Writer,
    schema::ColumnDef,
};

/// What `LAST_INSERT_ID` says of a row that was passed over: a number that no key reaches.
const PASSED_OVER: u64 = 9_223_372_036_854_775_807;

/// `ON DUPLICATE KEY UPDATE`
///
/// # Errors
/// None here.
pub fn clause(w: &mut Writer<'_>, flavour: Flavour, insert: &Insert, conflict: &Conflict) -> Result<()> {
    // The server counts a row that is set to what it was like one that is new, so the reply of a row alone says
    // by its key what happened.
    if conflict.update.is_empty() {
        // The server refuses the column that it numbers.
        let own_column = insert.columns.iter().copied().find(|column| !column.auto);
        let own_column = own_column.or_else(|| insert.table.keys().next());
        return w.list(own_column, |w, column| {
            w.sql(" ON DUPLICATE KEY UPDATE ").name(column.name);
            w.sql(" = IF(LAST_INSERT_ID(").sql(&PASSED_OVER.to_string()).sql("), ");
            own(w, insert, column);
            w.sql(", ");
            own(w, insert, column);
            w.sql(")");
            Ok(())
        });
    }
    w.sql(match flavour {
        Flavour::MySql => " AS `new` ON DUPLICATE KEY UPDATE ",
        Flavour::MariaDb => " ON DUPLICATE KEY UPDATE ",
    });
    w.list(&conflict.update, |w, column| {
        w.name(column.name).sql(" = ");
        match flavour {
            Flavour::MySql => w.sql("`new`.").name(column.name),
            Flavour::MariaDb => w.sql("VALUES(").name(column.name).sql(")"),
        };
        Ok(())
    })
}

fn own(w: &mut Writer<'_>, insert: &Insert, column: &ColumnDef) {
    w.name(insert.table.name).sql(".").name(column.name);
}

/// How many rows are new. The reply of several rows says it in words, of which the numbers are
/// `Records: 3  Duplicates: 1  Warnings: 0` in every language.
pub fn stored(affected: u64, key: Option<u64>, info: &str) -> u64 {
    let mut numbers = info.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse::<u64>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(records), Some(duplicates)) => records.saturating_sub(duplicates),
        _ if key == Some(PASSED_OVER) => 0,
        _ => affected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_were_passed_over_are_not_counted() {
        assert_eq!(stored(3, Some(7), "Records: 3  Duplicates: 1  Warnings: 0"), 2);
        assert_eq!((stored(1, Some(7), ""), stored(1, None, "")), (1, 1));
        assert_eq!(stored(1, Some(PASSED_OVER), ""), 0);
    }
}

//! Validation: whether the values of a write meet the rules of the model, before anything is sent.
//!
//! Rules are data ([`Rule`](crate::schema::Rule)) and are checked on encoded values, so that nothing here
//! is generic over a model but [`Draft`], through which a model's own [`Clean`] reads them. Every write path
//! calls [`check_row`], [`check_rows`] or [`check_assignments`]; all violations are collected.

mod draft;
mod rules;

pub use draft::{Clean, Draft};
#[cfg(feature = "regex")]
pub use rules::Pattern;
pub use rules::{custom, custom_text};

use crate::{
    error::{Error, Result},
    schema::{Carried, ColumnDef, TableDef},
    tape::{Op, Tape, Word},
    value::{Kind, Value},
    violation::{ValidationErrors, Violation},
};
use smallvec::SmallVec;

/// Checks the values of one write.
///
/// # Errors
/// [`ErrorKind::Validation`](crate::error::ErrorKind::Validation) with every violation.
pub fn check_row(table: &'static TableDef, values: Carried<'_>) -> Result<()> {
    let mut errors = ValidationErrors::new();
    collect(table, values, &mut errors);
    errors.into_result().map_err(Error::validation_failed)
}

/// Checks the rows of a bulk write, given with their positions, which stand in the violations.
///
/// # Errors
/// As [`check_row`].
pub fn check_rows<'a>(table: &'static TableDef, rows: impl IntoIterator<Item = (usize, Carried<'a>)>) -> Result<()> {
    if !has_rules(table) {
        return Ok(());
    }
    let mut errors = ValidationErrors::new();
    for (at, row) in rows {
        errors.at_row(at);
        collect(table, row, &mut errors);
    }
    errors.into_result().map_err(Error::validation_failed)
}

/// Checks the assignments of an update, as they stand on its tape. Values that the database computes are
/// not known here, and are left to its constraints.
///
/// # Errors
/// As [`check_row`].
pub fn check_assignments(table: &'static TableDef, assignments: &Tape) -> Result<()> {
    if !has_rules(table) {
        return Ok(());
    }
    check_row(table, Carried::Columns(&values_of(assignments)))
}

/// Whether any value of the table can break a rule.
pub fn has_rules(table: &TableDef) -> bool {
    table.clean.is_some() || table.columns.iter().any(has_rule)
}

fn has_rule(column: &ColumnDef) -> bool {
    column.max_length.is_some() || !column.rules.is_empty() || (column.kind == Kind::Text && !column.blank)
}

/// Adds the violations of one row.
pub fn collect(table: &'static TableDef, values: Carried<'_>, errors: &mut ValidationErrors) {
    values.each(table, |column, value| check_value(table, column, value, errors));
    if let Some(clean) = table.clean {
        clean(table, values, errors);
    }
}

fn check_value(table: &'static TableDef, column: &'static ColumnDef, value: &Value, errors: &mut ValidationErrors) {
    if value.is_null() {
        return;
    }
    if let Value::Text(text) = value {
        if text.is_empty() {
            // The other rules are about texts that are there.
            if !may_be_empty(table, column) {
                errors.add(column.field, Violation::new("blank", "must not be empty"));
            }
            return;
        }
        let too_long = column.max_length.and_then(|max| rules::max_length(text, max, column.sensitive));
        if let Some(violation) = too_long {
            errors.add(column.field, violation);
        }
    }
    for rule in column.rules {
        if let Some(violation) = rules::check(rule, value, column.sensitive) {
            errors.add(column.field, violation);
        }
    }
}

fn may_be_empty(table: &TableDef, column: &ColumnDef) -> bool {
    let at = || table.columns.iter().position(|other| std::ptr::eq(other, column));
    column.blank || column.primary_key || at().is_some_and(|at| table.foreign_key(at).is_some())
}

/// The assignments that bind a value: `column value Set`.
fn values_of(tape: &Tape) -> SmallVec<[(&'static ColumnDef, &Value); 8]> {
    let (mut found, mut next) = (SmallVec::new(), 0);
    for (at, word) in tape.words.iter().enumerate() {
        let Word::Op(op) = word else { continue };
        if let Op::Bind(_) = op {
            let before = at.checked_sub(1).map(|at| tape.words[at]);
            let behind = tape.words.get(at + 1);
            // The column stands first in its assignment, not behind a hop or in an expression.
            let is_first = at.checked_sub(2).is_none_or(|at| matches!(tape.words[at], Word::Op(Op::Set)));
            if let (Some(Word::Column(column)), Some(Word::Op(Op::Set)), true) = (before, behind, is_first) {
                found.extend(tape.values.get(next).map(|value| (column, value)));
            }
        }
        next += usize::from(op.takes_value());
    }
    found
}

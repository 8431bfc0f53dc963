//! SQLite's errors in covet's terms. Values never appear: SQLite's messages name tables and columns only.

use covet_core::{
    error::{ConstraintViolation, Error, ErrorKind},
    schema::constraint_name,
};
use rusqlite::ffi;

/// Translates an error of the driver.
#[expect(clippy::wildcard_enum_match_arm, reason = "only these two come from SQLite itself")]
pub fn from_driver(error: &rusqlite::Error) -> Error {
    let (code, message) = match error {
        rusqlite::Error::SqliteFailure(failure, message) => (failure.extended_code, message.as_deref().unwrap_or("")),
        rusqlite::Error::SqlInputError { error, msg, .. } => (error.extended_code, msg.as_str()),
        other => return Error::new(ErrorKind::Database, format!("SQLite: {other}")),
    };
    translate(code, message).with_code(code.to_string())
}

fn translate(code: i32, message: &str) -> Error {
    let detail = message.split_once("failed: ").map_or("", |(_, detail)| detail);
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Error::new(ErrorKind::UniqueViolation, "a row with the same value exists").with_violation(columns(detail))
        }
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            Error::new(ErrorKind::NotNullViolation, "the column cannot be NULL").with_violation(columns(detail))
        }
        ffi::SQLITE_CONSTRAINT_CHECK => {
            let violation =
                ConstraintViolation { constraint: Some(detail.to_owned()), ..ConstraintViolation::default() };
            Error::new(ErrorKind::CheckViolation, "a value breaks a CHECK constraint").with_violation(violation)
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => foreign_key(ConstraintViolation::default()),
        ffi::SQLITE_INTERRUPT => Error::new(ErrorKind::Timeout, "the statement was cancelled"),
        ffi::SQLITE_BUSY_SNAPSHOT => {
            Error::new(ErrorKind::Retryable, "another transaction has changed what this one has read")
        }
        _ => match code & 0xff {
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Error::new(ErrorKind::Retryable, "the database is locked")
                .hint("another process writes to the file; make its transactions shorter"),
            ffi::SQLITE_CANTOPEN => Error::new(ErrorKind::Connection, "SQLite cannot open the file")
                .hint("check that the folder exists and may be written to"),
            ffi::SQLITE_NOTADB => Error::new(ErrorKind::Connection, "the file is not an SQLite database")
                .hint("check the path in the URL"),
            ffi::SQLITE_FULL => Error::new(ErrorKind::Database, "the disk is full"),
            _ => Error::new(ErrorKind::Database, format!("SQLite: {message}")),
        },
    }
}

/// A foreign key's violation, once it is known which.
pub fn foreign_key(violation: ConstraintViolation) -> Error {
    Error::new(ErrorKind::ForeignKeyViolation, "a row refers to one that does not exist, or is still referred to")
        .with_violation(violation)
}

/// Names the foreign key over `column` of `table`.
pub fn foreign_key_over(table: &str, column: &str) -> ConstraintViolation {
    ConstraintViolation {
        constraint: Some(constraint_name(table, &[column], "fkey")),
        table: Some(table.to_owned()),
        columns: vec![column.to_owned()],
    }
}

/// Reads `users.email, users.name`; of an index over an expression `index 'name'`.
fn columns(detail: &str) -> ConstraintViolation {
    let mut violation = ConstraintViolation::default();
    if let Some(name) = detail.strip_prefix("index '").and_then(|name| name.strip_suffix('\'')) {
        violation.constraint = Some(name.to_owned());
        return violation;
    }
    for name in detail.split(", ") {
        if let Some((table, column)) = name.rsplit_once('.') {
            violation.table = Some(table.to_owned());
            violation.columns.push(column.to_owned());
        }
    }
    violation
}

//! The one error type of covet.
//!
//! [`Error`] is opaque: ask it what happened with [`is_unique_violation`](Error::is_unique_violation)
//! and its sisters. Its text says what is wrong and what to do; it never contains a bound value.

use crate::{feature::Feature, violation::ValidationErrors};
use std::{borrow::Cow, error::Error as StdError, fmt, sync::Arc};

/// The result of everything that can fail in covet.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A query that promises one row found none.
    NotFound,
    /// The row was changed since it was read: its `#[covet(version)]` is another one.
    Stale,
    /// A query that promises one row found several.
    SeveralRows,
    /// A unique or primary-key constraint was violated.
    UniqueViolation,
    /// A foreign key was violated.
    ForeignKeyViolation,
    /// Rows refer to one that is deleted, by a foreign key with `on_delete = protect` or `restrict`.
    Protected,
    /// A CHECK constraint was violated.
    CheckViolation,
    /// A NULL was written to a column that is NOT NULL.
    NotNullViolation,
    /// Values break rules of the model; nothing was sent.
    Validation,
    /// A value of the database does not fit the Rust type.
    Decode,
    /// A value cannot be stored by this database.
    Encode,
    /// A regular expression is wrong, or says what not every database can.
    InvalidPattern,
    /// A deadline passed.
    Timeout,
    /// No connection could be had.
    Connection,
    /// The connection was lost or is no longer usable.
    ConnectionLost,
    /// The rows of a stream are being read on the connection.
    ConnectionBusy,
    /// The URL or an option is wrong.
    Configuration,
    /// A model belongs to tenants, and no tenant is given, or another one.
    Tenant,
    /// The database lacks the feature.
    Unsupported,
    /// The transaction was rolled back by the server, or may not go on.
    TransactionRolledBack,
    /// The connection was lost while COMMIT was under way: it may or may not have happened.
    CommitOutcomeUnknown,
    /// The database asks for the transaction to run again.
    Retryable,
    /// `.wait()` was called by async code.
    WaitInsideAsync,
    /// Anything else that the database reported.
    Database,
}

/// The constraint that a statement violated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConstraintViolation {
    /// The constraint's name in the database.
    pub constraint: Option<String>,
    /// The table that has the constraint.
    pub table: Option<String>,
    /// The columns of the constraint.
    pub columns: Vec<String>,
}

/// Rows that stand in the way of a delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocking {
    /// Their model.
    pub model: &'static str,
    /// The foreign key by which they refer to what is deleted.
    pub field: &'static str,
    /// How many they are.
    pub rows: u64,
    /// The keys of the first ones. They are not in the text of the error.
    pub keys: Vec<String>,
}

/// An error of covet; see the [module](self).
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    hint: Option<Cow<'static, str>>,
    violation: ConstraintViolation,
    validation: Option<ValidationErrors>,
    blocking: Vec<Blocking>,
    feature: Option<Feature>,
    code: Option<String>,
    column: Option<String>,
    statement: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Makes an error of one kind. `message` says what is wrong, in lower case, without values.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            hint: None,
            violation: ConstraintViolation::default(),
            validation: None,
            blocking: Vec::new(),
            feature: None,
            code: None,
            column: None,
            statement: None,
            source: None,
        }))
    }

    /// A refusal that names the feature, the engine and the way out.
    pub fn unsupported(feature: Feature, engine: &str) -> Error {
        let mut error =
            Error::new(ErrorKind::Unsupported, format!("{engine} has no `{feature}`")).hint(feature.way_out());
        error.0.feature = Some(feature);
        error
    }

    /// A value that does not fit the Rust type; the caller adds the column.
    pub fn decode(message: impl Into<Cow<'static, str>>) -> Error {
        Error::new(ErrorKind::Decode, message)
    }

    /// The error of values that break rules of the model.
    // No `From`: with a second one, `Ok(())` of an async block with `?` has no type.
    pub fn validation_failed(errors: ValidationErrors) -> Error {
        let mut error = Error::new(ErrorKind::Validation, "validation failed");
        if errors.iter().any(|(_, violations)| violations.iter().any(|one| one.code() == "blank")) {
            error = error.hint("`#[covet(blank)]` on a field allows the empty text");
        }
        error.0.validation = Some(errors);
        error
    }

    /// The same error for another that waits for the same thing.
    pub(crate) fn again(&self) -> Error {
        Error(self.0.clone())
    }

    /// The error of rows that a delete would leave without what they refer to.
    pub fn protected(model: &str, blocking: Vec<Blocking>) -> Error {
        let rows = blocking.iter().map(|Blocking { model, field, rows, .. }| match rows {
            1 => format!("1 `{model}` refers to it by `{field}`"),
            rows => format!("{rows} `{model}` refer to it by `{field}`"),
        });
        let rows = rows.collect::<Vec<_>>().join(", ");
        let mut error = Error::new(ErrorKind::Protected, format!("the `{model}` cannot be deleted: {rows}"))
            .hint("delete these first, or let them refer to something else; `.blocking()` has their keys");
        error.0.blocking = blocking;
        error
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Error {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds the violated constraint.
    #[must_use]
    pub fn with_violation(mut self, violation: ConstraintViolation) -> Error {
        self.0.violation = violation;
        self
    }

    /// Adds the engine's own code: a SQLSTATE, or an error number.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Error {
        self.0.code = Some(code.into());
        self
    }

    /// Adds the column that could not be decoded or stored; the first one stays. A column of raw SQL has
    /// no table.
    #[must_use]
    pub fn in_column(mut self, table: &str, column: &str) -> Error {
        if self.0.column.is_none() {
            self.0.column = Some(if table.is_empty() { column.to_owned() } else { format!("{table}.{column}") });
        }
        self
    }

    /// Adds the SQL text, which holds placeholders only.
    #[must_use]
    pub fn in_statement(mut self, sql: &str) -> Error {
        if self.0.statement.is_none() {
            self.0.statement = Some(sql.to_owned());
        }
        self
    }

    /// Adds the error underneath.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether a query that promises one row found none.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Whether a row was changed since it was read.
    pub fn is_stale(&self) -> bool {
        self.kind() == ErrorKind::Stale
    }

    /// Whether a query that promises one row found several.
    pub fn is_several_rows(&self) -> bool {
        self.kind() == ErrorKind::SeveralRows
    }

    /// Whether a unique or primary-key constraint was violated.
    pub fn is_unique_violation(&self) -> bool {
        self.kind() == ErrorKind::UniqueViolation
    }

    /// Whether a foreign key was violated.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.kind() == ErrorKind::ForeignKeyViolation
    }

    /// Whether a delete was refused for rows that refer to what it would delete; see [`blocking`](Self::blocking).
    pub fn is_protected(&self) -> bool {
        self.kind() == ErrorKind::Protected
    }

    /// The rows that stand in the way of a delete.
    pub fn blocking(&self) -> &[Blocking] {
        &self.0.blocking
    }

    /// Whether a CHECK constraint was violated.
    pub fn is_check_violation(&self) -> bool {
        self.kind() == ErrorKind::CheckViolation
    }

    /// Whether a NULL was written to a column that is NOT NULL.
    pub fn is_not_null_violation(&self) -> bool {
        self.kind() == ErrorKind::NotNullViolation
    }

    /// Whether values break rules of the model; see [`validation`](Self::validation).
    pub fn is_validation(&self) -> bool {
        self.kind() == ErrorKind::Validation
    }

    /// The rules of the model that values break.
    pub fn validation(&self) -> Option<&ValidationErrors> {
        self.0.validation.as_ref()
    }

    /// Whether a deadline passed.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether running the whole transaction again may succeed: a serialization failure or a deadlock.
    pub fn is_retryable(&self) -> bool {
        self.kind() == ErrorKind::Retryable
    }

    /// The violated constraint's name, where the engine or the model knows it.
    pub fn constraint(&self) -> Option<&str> {
        self.0.violation.constraint.as_deref()
    }

    /// The table of the violated constraint.
    pub fn table(&self) -> Option<&str> {
        self.0.violation.table.as_deref()
    }

    /// The columns of the violated constraint.
    pub fn columns(&self) -> &[String] {
        &self.0.violation.columns
    }

    /// The violated constraint, to be completed from the model.
    pub(crate) fn violation_mut(&mut self) -> &mut ConstraintViolation {
        &mut self.0.violation
    }

    /// The column that could not be decoded or stored, as `table.column`.
    pub fn column(&self) -> Option<&str> {
        self.0.column.as_deref()
    }

    /// The feature that the database lacks.
    pub fn missing_feature(&self) -> Option<Feature> {
        self.0.feature
    }

    /// The engine's own code: a SQLSTATE, or an error number.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The SQL text that failed, with placeholders in place of values.
    pub fn statement(&self) -> Option<&str> {
        self.0.statement.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { message, hint, violation, validation, column, .. } = &*self.0;
        f.write_str(message)?;
        if let Some(errors) = validation {
            write!(f, ": {errors}")?;
        }
        if let Some(column) = column {
            write!(f, " (column `{column}`)")?;
        }
        if let Some(table) = &violation.table {
            let columns = violation.columns.join(", ");
            match &violation.constraint {
                Some(name) if columns.is_empty() => write!(f, " on `{table}` (constraint `{name}`)")?,
                Some(name) => write!(f, " on `{table}` ({columns}; constraint `{name}`)")?,
                None if columns.is_empty() => write!(f, " on `{table}`")?,
                None => write!(f, " on `{table}` ({columns})")?,
            }
        }
        if let Some(hint) = hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        if let Some(code) = &self.0.code {
            write!(f, "\n  code: {code}")?;
        }
        if let Some(sql) = &self.0.statement {
            write!(f, "\n  statement: {sql}")?;
        }
        let mut source = self.source();
        while let Some(error) = source {
            write!(f, "\n  caused by: {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

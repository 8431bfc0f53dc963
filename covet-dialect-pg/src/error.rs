//! The server's errors into covet's.
//!
//! The server writes values into its messages and details, so neither is shown where it may hold
//! one, and the driver's error is never attached.

use crate::url::{Target, address};
use covet_core::{
    error::{ConstraintViolation, Error, ErrorKind},
    schema::constraint_name,
};
use covet_tls::Mode;
use std::io;
use tokio_postgres::error::DbError;

/// An error of a statement.
#[cold]
pub fn statement(error: tokio_postgres::Error) -> Error {
    if let Some(error) = error.as_db_error() {
        return database(error);
    }
    if error.is_closed() {
        return lost();
    }
    let message = error.to_string();
    match error.into_source().map(|source| source.downcast::<Error>()) {
        // A parameter that could not be encoded.
        Some(Ok(error)) => *error,
        Some(Err(source)) if source.is::<io::Error>() => lost().with_source(source),
        _ => Error::new(ErrorKind::Database, format!("the driver refuses: {message}")),
    }
}

/// The answer to a statement on a connection that is lost.
#[cold]
pub fn lost() -> Error {
    Error::new(ErrorKind::ConnectionLost, "the connection to PostgreSQL was lost")
}

/// The commit of an aborted transaction.
#[cold]
pub fn commit(error: Error) -> Error {
    if error.code() != Some("25P02") {
        return error;
    }
    Error::new(ErrorKind::TransactionRolledBack, "the transaction was rolled back because a statement in it failed")
        .hint("handle that statement's error, or run it in a savepoint (`tx.transaction(..)`)")
        .with_code("25P02")
}

/// An error of an attempt to connect.
#[cold]
pub fn connect(error: tokio_postgres::Error, target: &Target) -> Error {
    let Target { config, tls } = target;
    let refused = |message: String| Error::new(ErrorKind::Connection, message);
    let user = config.get_user().unwrap_or("the system's user");
    if let Some(error) = error.as_db_error() {
        let code = error.code().code();
        let name = config.get_dbname().unwrap_or(user);
        return match code {
            "28P01" => refused(format!("the password for user `{user}` was refused"))
                .hint("correct the user and the password in the URL, and percent-encode special characters"),
            "28000" if tls.mode == Mode::Disable => {
                refused(format!("the server does not let user `{user}` in without TLS, or not at all")).hint(format!(
                    "if it insists on TLS write `{}` in the URL; check that the role exists, and that `pg_hba.conf` \
                     lets it in from this address",
                    tls.full()
                ))
            }
            "28000" => refused(format!("the server does not let user `{user}` in"))
                .hint("check that the role exists, and that `pg_hba.conf` lets it in from this address"),
            "3D000" => refused(format!("there is no database `{name}` at {}", address(config)))
                .hint(format!("run `createdb {name}`, or correct the URL")),
            "53300" => refused("the server has no connection left".to_owned())
                .hint("lower `max_connections` of the pools, or raise it on the server"),
            "57P03" => refused("the server is starting up or shutting down".to_owned()).hint("try again shortly"),
            _ => refused(format!("the server at {} refused the connection: {}", address(config), error.message())),
        }
        .with_code(code);
    }
    let message = error.to_string();
    let Some(source) = error.into_source() else {
        return refused(format!("cannot connect to PostgreSQL at {}: {message}", address(config)));
    };
    let source = match source.downcast::<Error>() {
        // The handshake's own words.
        Ok(error) => return *error,
        Err(source) => source,
    };
    if source.to_string() == "server does not support TLS" {
        return covet_tls::without_tls(&address(config), tls);
    }
    if source.to_string() == "server did not use channel binding" {
        return refused(format!("the server at {} did not bind the password to its certificate", address(config)))
            .hint("`channel_binding=require` needs TLS and a password of the method scram-sha-256");
    }
    let Some(io) = source.downcast_ref::<io::Error>() else {
        return if config.get_password().is_none() && source.to_string().contains("password") {
            refused(format!("the server asks for the password of user `{user}`, and the URL has none"))
                .hint("write `postgres://user:password@host/database`")
        } else {
            refused(format!("cannot connect to PostgreSQL at {}: {source}", address(config)))
        };
    };
    #[cfg(feature = "tls")]
    if let Some(cause) = covet_tls::cause(io) {
        return covet_tls::refusal(cause, &address(config), tls);
    }
    let kind = io.kind();
    if matches!(kind, io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound) {
        return refused(format!("no server answers at {}", address(config)))
            .hint("check the host and the port in the URL, and that PostgreSQL is running");
    }
    if matches!(kind, io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) {
        return refused(format!("the server at {} closed the connection at once", address(config)))
            .hint("check that it is PostgreSQL; its log may say more");
    }
    refused(format!("cannot reach {}: {io}", address(config))).hint("check the host and the port in the URL")
}

/// A handshake that failed.
#[cfg(feature = "tls")]
#[cold]
pub fn handshake(io: io::Error, address: &str, tls: &covet_tls::Settings) -> Error {
    if let Some(cause) = covet_tls::cause(&io) {
        return covet_tls::refusal(cause, address, tls);
    }
    Error::new(ErrorKind::Connection, format!("the server at {address} broke off the TLS handshake"))
        .hint("its log may say why")
        .with_source(io)
}

/// An error that the server reported.
#[cold]
pub fn database(error: &DbError) -> Error {
    let code = error.code().code();
    let class = code.get(..2).unwrap_or_default();
    let new = |kind, message: &'static str| Error::new(kind, message);
    let database = ErrorKind::Database;
    let mapped = match code {
        "23505" => new(ErrorKind::UniqueViolation, "a row with the same value exists").with_violation(violation(error)),
        "23503" | "23001" => new(ErrorKind::ForeignKeyViolation, "a foreign key was violated")
            .with_violation(foreign_key_violation(error)),
        "23514" => new(ErrorKind::CheckViolation, "a CHECK constraint was violated").with_violation(violation(error)),
        "23502" => new(ErrorKind::NotNullViolation, "NULL was written to a column that must not be NULL")
            .with_violation(violation(error)),
        "23P01" => new(database, "an exclusion constraint was violated").with_violation(violation(error)),
        "40001" => new(ErrorKind::Retryable, "the transaction conflicts with another one").hint("run it again"),
        "40P01" => new(ErrorKind::Retryable, "the transaction was in a deadlock with another one").hint("run it again"),
        // What follows fails alike, until a savepoint around the earlier error is rolled back to.
        "25P02" => new(ErrorKind::TransactionRolledBack, "the transaction was aborted by an earlier error")
            .hint("handle that error in a savepoint (`tx.transaction(..)`), or run the transaction again"),
        "25P03" => new(ErrorKind::ConnectionLost, "the server closed the connection: a transaction was idle too long"),
        "57014" => new(ErrorKind::Timeout, "the statement was cancelled")
            .hint("by a deadline of the server such as `statement_timeout`, or by a request from outside"),
        "57P05" => new(ErrorKind::ConnectionLost, "the server closed the connection, which was idle too long"),
        "57P01" | "57P02" | "57P03" => new(ErrorKind::ConnectionLost, "the server is shutting down"),
        "55P03" => new(database, "a lock was not available"),
        "53300" => new(ErrorKind::Connection, "the server has no connection left"),
        "22001" => new(ErrorKind::Encode, "a text is too long for its column"),
        "22003" => new(ErrorKind::Encode, "a number is out of range"),
        "22007" | "22008" => new(ErrorKind::Encode, "a date or a time is out of range, or not one"),
        "22021" | "22P05" => new(ErrorKind::Encode, "a text has a character that the database cannot store"),
        "2201B" => new(ErrorKind::InvalidPattern, "the server refuses the regular expression")
            .hint("make it smaller: fewer repetitions, and fewer classes inside of them"),
        "22012" => new(database, "division by zero"),
        "22P02" | "22P03" => new(database, "a value does not have the form of its type"),
        _ if is_stale_plan(error) => new(ErrorKind::Retryable, "the tables of a prepared statement have changed")
            .hint("run the transaction again"),
        _ if class == "08" => new(ErrorKind::ConnectionLost, "the connection to PostgreSQL was lost"),
        _ => Error::new(database, other(error, code, class)),
    };
    mapped.with_code(code)
}

/// Whether a prepared statement must be prepared anew.
pub fn is_stale(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(is_stale_plan)
}

/// "cached plan must not change result type", whose code has other uses too; and a statement that
/// the server does not know, which a pooler between here and there can cause.
fn is_stale_plan(error: &DbError) -> bool {
    match error.code().code() {
        "0A000" => error.routine() == Some("RevalidateCachedQuery"),
        code => code == "26000",
    }
}

/// The classes whose messages are about names and syntax.
const WITHOUT_VALUES: &[&str] = &["0A", "25", "28", "2B", "34", "3B", "3D", "3F", "42", "53", "54", "55", "57"];

fn other(error: &DbError, code: &str, class: &str) -> String {
    if WITHOUT_VALUES.contains(&class) {
        return error.message().to_owned();
    }
    let mut message = match class {
        "22" => format!("the server refused a value (SQLSTATE {code}"),
        "23" => format!("a constraint was violated (SQLSTATE {code}"),
        "P0" => format!("a function of the database raised an error (SQLSTATE {code}"),
        "XX" => format!("the server met an internal error (SQLSTATE {code}"),
        _ => format!("the server refused the statement (SQLSTATE {code}"),
    };
    let names = [("table", error.table()), ("column", error.column()), ("constraint", error.constraint())];
    for (what, name) in names {
        if let Some(name) = name {
            message.push_str(&format!(", {what} `{name}`"));
        }
    }
    message.push(')');
    message
}

fn violation(error: &DbError) -> ConstraintViolation {
    let columns = match error.column() {
        Some(column) => vec![column.to_owned()],
        None => error.detail().map(columns).unwrap_or_default(),
    };
    let constraint = error.constraint().map(str::to_owned);
    ConstraintViolation { constraint, table: error.table().map(str::to_owned), columns }
}

/// When the referenced row is still used, the detail names the columns of the other table. Only the
/// names of constraints tell, because texts are in the server's language.
fn foreign_key_violation(error: &DbError) -> ConstraintViolation {
    let mut violation = violation(error);
    let (Some(constraint), Some(table)) = (&violation.constraint, &violation.table) else { return violation };
    let columns: Vec<&str> = violation.columns.iter().map(String::as_str).collect();
    if constraint_name(table, &columns, "fkey") == *constraint || error.message().starts_with("insert or update") {
        return violation;
    }
    let column = constraint.strip_prefix(table.as_str()).and_then(|rest| rest.strip_prefix('_'));
    let column = column.and_then(|rest| rest.strip_suffix("_fkey"));
    violation.columns = column.map(str::to_owned).into_iter().collect();
    violation
}

/// The names in `Key (a, "B c", lower(d))=(..) ..`; nothing when the text has another form.
/// Names end where `)=(` begins, and what follows is never looked at.
fn columns(detail: &str) -> Vec<String> {
    let Some((_, rest)) = detail.split_once('(') else { return Vec::new() };
    let (mut names, mut name, mut depth, mut quoted) = (Vec::new(), String::new(), 0_usize, false);
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if quoted && chars.peek().is_some_and(|(_, next)| *next == '"') => {
                chars.next();
                name.push('"');
            }
            '"' => quoted = !quoted,
            _ if quoted => name.push(c),
            ',' if depth == 0 => names.push(std::mem::take(&mut name).trim().to_owned()),
            ')' if depth == 0 => {
                if !rest.get(at..).is_some_and(|rest| rest.starts_with(")=(")) {
                    return Vec::new();
                }
                names.push(name.trim().to_owned());
                return names;
            }
            _ => {
                match c {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
                name.push(c);
            }
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn the_columns_of_a_detail_are_names_only() {
        assert_eq!(columns("Key (email)=(ann@example.com) already exists."), ["email"]);
        assert_eq!(columns("Key (a, b)=(1, 2) already exists."), ["a", "b"]);
        assert_eq!(
            columns(r#"Key ("Order", "a,b", "q""q", "c)=(d")=(1) already exists."#),
            ["Order", "a,b", "q\"q", "c)=(d"]
        );
        assert_eq!(columns("Key (lower(email), b)=(x, y) already exists."), ["lower(email)", "b"]);
        assert_eq!(columns("Schlüssel »(email)=(x)« existiert bereits."), ["email"]);
    }

    #[test]
    fn a_detail_of_another_form_gives_nothing() {
        for detail in ["", "Key (", "Key (email", "Failing row contains (1, ann@example.com).", r#"Key ("open)=(x)"#] {
            assert!(columns(detail).is_empty(), "{detail}");
        }
    }
}

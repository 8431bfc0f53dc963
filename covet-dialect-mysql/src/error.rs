//! From the driver's errors to covet's.
//!
//! The server quotes values in its messages ("Duplicate entry 'x' for key .."), so covet has texts
//! of its own, and of an unknown message keeps only what stands outside of quotes.

use crate::{dialect::Flavour, url::Target};
use covet_core::error::{ConstraintViolation, Error, ErrorKind};
use covet_tls::{Mode, without_tls};
use mysql_async::{DriverError, Error as Failure, IoError, ServerError};

/// Whether the server ends the connection with this error.
pub fn ends_connection(error: &ServerError) -> bool {
    // 1053 shutdown, 1152 and 1158-1161 network, 1153 packet too large, 1184 aborted, 1927 killed
    // (MariaDB), 3169 killed (MySQL), 4031 idle for too long.
    matches!(error.code, 1053 | 1152 | 1153 | 1158..=1161 | 1184 | 1927 | 3169 | 4031)
}

/// An error while a connection was opened.
pub fn of_connect(failure: Failure, target: &Target) -> Error {
    let Target { address, user, database, tls, .. } = target;
    let error = |message: String| Error::new(ErrorKind::Connection, message);
    match failure {
        Failure::Server(server) => {
            let found = match server.code {
                1045 | 1698 if tls.mode == Mode::Disable => {
                    error(format!("the server at {address} refused the password of user `{user}`")).hint(format!(
                        "check the user and the password in the URL; a user that may not come without TLS needs `{}`",
                        tls.full()
                    ))
                }
                1045 | 1698 => error(format!("the server at {address} refused the password of user `{user}`"))
                    .hint("check the user and the password in the URL"),
                3159 => error(format!("the server at {address} takes encrypted connections only"))
                    .hint(format!("write `{}` in the URL", tls.full())),
                1044 => error(format!("user `{user}` may not use the database `{database}`"))
                    .hint("grant the user rights on it, or name another one in the URL"),
                1049 => error(format!("the server at {address} has no database `{database}`"))
                    .hint("create it, or name another one in the URL"),
                1040 | 1203 | 1226 => error(format!("the server at {address} has too many connections"))
                    .hint("lower `max_connections` of the pools, or raise it on the server"),
                1129 | 1130 => error(format!("the server at {address} does not take connections from this host"))
                    .hint("allow the host for the user, or unblock it with FLUSH HOSTS"),
                1251 | 1275 | 1524 => error(format!("user `{user}` needs a way of authentication that covet lacks"))
                    .hint("use caching_sha2_password or mysql_native_password"),
                _ => return of_server(&server, Flavour::MySql),
            };
            found.with_code(server.code.to_string())
        }
        #[cfg(feature = "tls")]
        Failure::Io(IoError::Tls(failure)) => of_tls(failure, target),
        Failure::Driver(DriverError::NoClientSslFlagFromServer) => without_tls(address, tls),
        Failure::Io(IoError::Io(io)) => of_io(io, target),
        Failure::Driver(DriverError::UnknownAuthPlugin { name }) => {
            error(format!("user `{user}` needs the authentication plugin `{name}`, which covet lacks"))
                .hint("use caching_sha2_password or mysql_native_password")
        }
        Failure::Driver(driver) => error(format!("the server at {address} cannot be talked to: {driver}")),
        Failure::Url(_) | Failure::Other(_) => error(format!("the server at {address} cannot be talked to")),
    }
}

/// An error of the socket, which may be one of TLS.
fn of_io(io: std::io::Error, target: &Target) -> Error {
    #[cfg(feature = "tls")]
    if let Some(cause) = covet_tls::cause(&io) {
        return covet_tls::refusal(cause, &target.address, &target.tls);
    }
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    if matches!(io.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof) {
        let message = format!("the server at {} broke off while covet connected: {}", target.address, io.kind());
        return Error::new(ErrorKind::Connection, message)
            .hint("check that it is MySQL or MariaDB; its log may say why")
            .with_source(io);
    }
    let message = format!("no MySQL or MariaDB server answered at {}: {}", target.address, io.kind());
    Error::new(ErrorKind::Connection, message)
        .hint("check that the server runs there and that the address in the URL is right")
        .with_source(io)
}

/// An error of TLS before the handshake began.
#[cfg(feature = "tls")]
fn of_tls(failure: mysql_async::TlsError, target: &Target) -> Error {
    use mysql_async::TlsError;
    match failure {
        TlsError::Tls(cause) => covet_tls::refusal(&cause, &target.address, &target.tls),
        TlsError::InvalidDnsName(_) => {
            Error::new(ErrorKind::Configuration, "the host in the URL is no name that a certificate can have")
                .hint("write a host name of letters, digits, `-` and `.`, or an address")
        }
        TlsError::Pem(_) | TlsError::VerifierBuilderError(_) => {
            Error::new(ErrorKind::Configuration, "the certificates that the URL names cannot be used")
                .with_source(failure)
        }
    }
}

/// An error of a statement.
pub fn of_statement(failure: Failure, flavour: Flavour) -> Error {
    match failure {
        Failure::Server(server) => of_server(&server, flavour),
        Failure::Io(IoError::Io(io)) => {
            Error::new(ErrorKind::ConnectionLost, format!("the connection was lost: {}", io.kind())).with_source(io)
        }
        #[cfg(feature = "tls")]
        Failure::Io(IoError::Tls(failure)) => {
            Error::new(ErrorKind::ConnectionLost, "the connection was lost").with_source(failure)
        }
        Failure::Driver(DriverError::PacketTooLarge) => too_large(),
        Failure::Driver(DriverError::MixedParams) => {
            Error::new(ErrorKind::Configuration, "the statement mixes `?` and `:name`").hint("use `?` only")
        }
        Failure::Driver(driver) => {
            Error::new(ErrorKind::ConnectionLost, format!("the connection is no longer usable: {driver}"))
        }
        Failure::Url(_) | Failure::Other(_) => {
            Error::new(ErrorKind::ConnectionLost, "the connection is no longer usable")
        }
    }
}

/// The answer to a statement on a connection that holds the rest of an earlier reply.
#[cold]
pub fn abandoned() -> Error {
    Error::new(ErrorKind::ConnectionLost, "an earlier statement was dropped before its reply was complete")
        .hint("end the transaction; the next one gets another connection")
}

/// The refusal of values that do not fit into a packet.
#[cold]
pub fn too_large() -> Error {
    Error::new(ErrorKind::Encode, "the statement is larger than the server's `max_allowed_packet`")
        .hint("raise it on the server, or store less at once")
}

/// A pattern that can be tried in too many ways on some text.
#[cold]
pub fn gave_up() -> Error {
    Error::new(ErrorKind::Timeout, "a regular expression takes too long on some text")
        .hint("say what it repeats in one way only: `a+` in place of `(a+)+`")
}

fn of_server(error: &ServerError, flavour: Flavour) -> Error {
    let kind = |kind: ErrorKind, message: &'static str| Error::new(kind, message);
    let text = &*error.message;
    let found = match error.code {
        1022 | 1062 | 1169 | 1586 | 1859 => {
            kind(ErrorKind::UniqueViolation, "a unique value exists already").with_violation(unique(text, flavour))
        }
        1216 | 1452 => kind(ErrorKind::ForeignKeyViolation, "the row that a foreign key refers to does not exist")
            .with_violation(foreign_key(text)),
        1217 | 1451 => kind(ErrorKind::ForeignKeyViolation, "another row refers to the row with a foreign key")
            .with_violation(foreign_key(text)),
        3819 | 4025 => kind(ErrorKind::CheckViolation, "a check failed").with_violation(check(text)),
        1048 | 1364 => kind(ErrorKind::NotNullViolation, "a value is NULL but the column is NOT NULL").with_violation(
            ConstraintViolation {
                columns: between(text, '\'').map(str::to_owned).into_iter().collect(),
                ..ConstraintViolation::default()
            },
        ),
        1213 => kind(ErrorKind::Retryable, "the transaction was rolled back because of a deadlock")
            .hint("run it again from the start"),
        1020 => kind(ErrorKind::Retryable, "a row changed since the transaction read it")
            .hint("run it again from the start"),
        1205 => kind(ErrorKind::Retryable, "the statement waited too long for a lock")
            .hint("run the transaction again, or hold locks for a shorter time"),
        1317 => kind(ErrorKind::Timeout, "the statement was cancelled"),
        3024 | 1969 => kind(ErrorKind::Timeout, "the statement took longer than the server allows")
            .hint("raise the server's limit, or make it faster"),
        3699 => gave_up(),
        1139 | 3685..=3700 => kind(ErrorKind::InvalidPattern, "the server refuses the regular expression")
            .hint("make it smaller: fewer repetitions, and fewer classes inside of them"),
        1406 => kind(ErrorKind::Encode, "a value is too long for its column"),
        3988 => kind(ErrorKind::Encode, "a text has a character that the character set of its column lacks"),
        1264 => kind(ErrorKind::Encode, "a number is out of the range of its column"),
        1292 | 1366 | 1411 => kind(ErrorKind::Encode, "a value does not fit the type of its column"),
        1153 => too_large(),
        1390 => kind(ErrorKind::Unsupported, "the statement has more than 65,535 values").hint("split it"),
        1461 => kind(ErrorKind::Database, "the server holds as many prepared statements as it may")
            .hint("raise `max_prepared_stmt_count` on the server, or lower `statements_per_connection`"),
        _ if ends_connection(error) => {
            kind(ErrorKind::ConnectionLost, "the server ended the connection").hint("run the work again")
        }
        code => {
            let text = if names_only(code) { text.to_owned() } else { unquoted(text) };
            let name = flavour.name();
            Error::new(ErrorKind::Database, format!("{name} error {code} ({}): {text}", error.state))
        }
    };
    found.with_code(error.code.to_string())
}

/// Whether only names are quoted in the message, and no values.
fn names_only(code: u16) -> bool {
    // Tables 1050, 1051, 1146; columns 1054, 1060, 1072; keys 1061, 1091; databases 1007, 1008,
    // 1046, 1049; collations 1273; routines 1305.
    matches!(code, 1007 | 1008 | 1046 | 1049 | 1050 | 1051 | 1054 | 1060 | 1061 | 1072 | 1091 | 1146 | 1273 | 1305)
}

/// The message with `..` in place of everything from the first quote to the last one, since a value
/// may contain quotes. The apostrophe of "doesn't" is none.
fn unquoted(message: &str) -> String {
    let bytes = message.as_bytes();
    let is_quote = |at: usize| match bytes[at] {
        b'"' => true,
        b'\'' => !(at > 0 && bytes[at - 1] == b'n' && bytes[at..].starts_with(b"'t ")),
        _ => false,
    };
    let first = (0..bytes.len()).find(|at| is_quote(*at));
    let last = (0..bytes.len()).rev().find(|at| is_quote(*at));
    match (first, last) {
        (Some(first), Some(last)) if last > first => format!("{}..{}", &message[..first], &message[last + 1..]),
        (Some(first), _) => format!("{}..", &message[..first]),
        (None, _) => message.to_owned(),
    }
}

/// `Duplicate entry 'value' for key 'table.name'`; MariaDB writes the name only.
fn unique(message: &str, flavour: Flavour) -> ConstraintViolation {
    let Some((_, key)) = message.rsplit_once(" for key '") else { return ConstraintViolation::default() };
    let key = key.trim_end_matches('\'');
    match key.split_once('.') {
        Some((table, name)) if flavour == Flavour::MySql => {
            ConstraintViolation { constraint: Some(name.into()), table: Some(table.into()), columns: Vec::new() }
        }
        Some(_) | None => ConstraintViolation { constraint: Some(key.into()), ..ConstraintViolation::default() },
    }
}

/// `` (`database`.`table`, CONSTRAINT `name` FOREIGN KEY (`column`) REFERENCES ..) ``
fn foreign_key(message: &str) -> ConstraintViolation {
    let mut violation = ConstraintViolation::default();
    let Some((_, text)) = message.split_once("fails (") else { return violation };
    let (_, rest) = identifier(text);
    let (table, rest) = identifier(rest);
    violation.table = table;
    let Some((_, rest)) = rest.split_once("CONSTRAINT ") else { return violation };
    let (name, rest) = identifier(rest);
    violation.constraint = name;
    let Some((_, mut rest)) = rest.split_once("FOREIGN KEY (") else { return violation };
    while !rest.starts_with(')') {
        let (column, behind) = identifier(rest);
        let Some(column) = column else { break };
        violation.columns.push(column);
        rest = behind;
    }
    violation
}

/// ``Check constraint 'name' is violated.``, on MariaDB
/// ``CONSTRAINT `name` failed for `database`.`table` ``
fn check(message: &str) -> ConstraintViolation {
    if let Some(name) = between(message, '\'') {
        return ConstraintViolation { constraint: Some(name.into()), ..ConstraintViolation::default() };
    }
    let (constraint, rest) = identifier(message);
    let (_, rest) = identifier(rest);
    let (table, _) = identifier(rest);
    ConstraintViolation { constraint, table, columns: Vec::new() }
}

fn between(text: &str, quote: char) -> Option<&str> {
    text.split_once(quote).and_then(|(_, rest)| rest.split_once(quote)).map(|(inside, _)| inside)
}

/// The first identifier in backticks, where two of them stand for one, and what follows it.
fn identifier(text: &str) -> (Option<String>, &str) {
    let Some((_, mut rest)) = text.split_once('`') else { return (None, "") };
    let mut name = String::new();
    while let Some((part, behind)) = rest.split_once('`') {
        name.push_str(part);
        match behind.strip_prefix('`') {
            Some(more) => {
                name.push('`');
                rest = more;
            }
            None => return (Some(name), behind),
        }
    }
    (None, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(code: u16, message: &str, flavour: Flavour) -> Error {
        of_server(&ServerError { code, message: message.into(), state: "HY000".into() }, flavour)
    }

    #[test]
    fn a_duplicate_names_its_constraint_whatever_the_value_is() {
        let error = server(1062, "Duplicate entry 'a' for key 'b' for key 'users.users_email_key'", Flavour::MySql);
        assert!(error.is_unique_violation());
        assert_eq!((error.table(), error.constraint()), (Some("users"), Some("users_email_key")));
        let error = server(1062, "Duplicate entry 'secret' for key 'users_email_key'", Flavour::MariaDb);
        assert_eq!((error.table(), error.constraint()), (None, Some("users_email_key")));
        assert!(!format!("{error:?}").contains("secret"));
    }

    #[test]
    fn a_foreign_key_names_child_and_columns() {
        let text = "Cannot add or update a child row: a foreign key constraint fails (`d`.`po``sts`, CONSTRAINT \
                    `fk` FOREIGN KEY (`a`, `b`) REFERENCES `users` (`id`))";
        let error = server(1452, text, Flavour::MySql);
        assert!(error.is_foreign_key_violation());
        assert_eq!((error.table(), error.constraint()), (Some("po`sts"), Some("fk")));
        assert_eq!(error.columns(), ["a", "b"]);
        assert!(server(1217, "Cannot delete or update a parent row", Flavour::MySql).is_foreign_key_violation());
    }

    #[test]
    fn checks_and_nulls_name_what_they_are_about() {
        let error = server(3819, "Check constraint 'age_check' is violated.", Flavour::MySql);
        assert_eq!((error.kind(), error.constraint()), (ErrorKind::CheckViolation, Some("age_check")));
        let error = server(4025, "CONSTRAINT `age_check` failed for `d`.`users`", Flavour::MariaDb);
        assert_eq!((error.table(), error.constraint()), (Some("users"), Some("age_check")));
        let error = server(1048, "Column 'name' cannot be null", Flavour::MySql);
        assert_eq!((error.kind(), error.columns()), (ErrorKind::NotNullViolation, &["name".to_owned()][..]));
    }

    #[test]
    fn unknown_messages_lose_what_is_quoted() {
        for message in ["Truncated value: 'it's a secret' here", "wrong \"secret\" here", "wrong 'secret"] {
            let text = server(1999, message, Flavour::MySql).to_string();
            assert!(!text.contains("secret"), "{text}");
        }
        assert!(server(1999, "Table 'x' doesn't exist", Flavour::MySql).to_string().contains("Table .. doesn't exist"));
    }

    #[test]
    fn kinds_follow_the_code() {
        for (code, kind) in [
            (1213, ErrorKind::Retryable),
            (1205, ErrorKind::Retryable),
            (1317, ErrorKind::Timeout),
            (3024, ErrorKind::Timeout),
            (1969, ErrorKind::Timeout),
            (1927, ErrorKind::ConnectionLost),
            (1406, ErrorKind::Encode),
            (3988, ErrorKind::Encode),
            (1064, ErrorKind::Database),
        ] {
            let error = server(code, "text", Flavour::MariaDb);
            assert_eq!((error.kind(), error.code()), (kind, Some(&*code.to_string())));
        }
    }
}

//! Database URLs. No error contains a piece of the URL: any piece may belong to a password that
//! was not percent-encoded.

use covet_core::error::{Error, ErrorKind, Result};
use tokio_postgres::{
    Config,
    config::{ChannelBinding, Host, SslMode, SslNegotiation},
};

/// The schemes of URLs, without the colon.
pub const SCHEMES: &[&str] = &["postgres", "postgresql"];

/// Parses `postgres://user:password@host:port/database?option=value`.
///
/// # Errors
/// When the URL is malformed, names no host, or asks for encryption.
pub fn parse(url: &str) -> Result<Config> {
    let rest = url
        .split_once("://")
        .and_then(|(scheme, rest)| SCHEMES.contains(&scheme).then_some(rest))
        .ok_or_else(|| wrong("the database URL does not begin with `postgres://`"))?;
    // The driver splits at the first `@`; what it would take for a host could be half a password.
    let mut signs = rest.match_indices('@');
    if let Some((at, _)) = signs.next() {
        let user = rest.get(..at).unwrap_or_default();
        if signs.next().is_some() || user.contains(['/', '?', '#', '[', ']']) {
            return Err(Error::new(
                ErrorKind::Configuration,
                "the user or the password in the database URL has a character that is not percent-encoded",
            )
            .hint("write `%40` for `@`, `%2F` for `/`, `%3F` for `?`, `%23` for `#`"));
        }
    }
    let options = rest.split_once('?').map_or("", |(_, options)| options);
    if options.split('&').any(|option| matches!(option, "sslmode=verify-ca" | "sslmode=verify-full")) {
        return Err(encrypted());
    }
    let mut config: Config = url.parse().map_err(|_| malformed(rest, options))?;
    if config.get_ssl_mode() == SslMode::Require
        || config.get_ssl_negotiation() == SslNegotiation::Direct
        || config.get_channel_binding() == ChannelBinding::Require
    {
        return Err(encrypted());
    }
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(wrong("the database URL names no host"));
    }
    if config.get_application_name().is_none() {
        config.application_name("covet");
    }
    Ok(config)
}

/// `host:port`, for errors.
pub fn address(config: &Config) -> String {
    let hosts = config.get_hosts().iter().enumerate().map(|(at, host)| {
        let port = config.get_ports().get(at).or(config.get_ports().first()).copied().unwrap_or(5432);
        match host {
            Host::Tcp(host) => format!("{host}:{port}"),
            #[cfg(unix)]
            Host::Unix(folder) => format!("{}/.s.PGSQL.{port}", folder.display()),
        }
    });
    let hosts: Vec<String> = hosts.collect();
    if hosts.is_empty() { "the address of the URL".to_owned() } else { hosts.join(", ") }
}

#[cold]
fn wrong(message: &'static str) -> Error {
    Error::new(ErrorKind::Configuration, message).hint("write `postgres://user:password@host:5432/database`")
}

#[cold]
fn encrypted() -> Error {
    Error::new(
        ErrorKind::Configuration,
        "the database URL asks for an encrypted connection, which covet cannot make to PostgreSQL yet",
    )
    .hint("remove `sslmode`, and reach the server over a trusted network or a tunnel")
}

/// Options of libpq that the driver does not know, and those that it does.
const OPTIONS: &[&str] = &[
    "application_name",
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "gssencmode",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "krbsrvname",
    "load_balance_hosts",
    "options",
    "passfile",
    "password",
    "port",
    "requirepeer",
    "service",
    "sslcert",
    "sslcrl",
    "sslkey",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

/// Says which part is wrong, from names that are public.
#[cold]
fn malformed(rest: &str, options: &str) -> Error {
    let whole = |options: &str| format!("postgres://host/?{options}").parse::<Config>();
    if let Some(option) = options.split('&').find(|option| whole(option).is_err()) {
        let name = option.split('=').next().unwrap_or_default();
        if let Some(name) = OPTIONS.iter().find(|known| **known == name) {
            return Error::new(
                ErrorKind::Configuration,
                format!("the option `{name}` of the database URL has a wrong value, or is not supported"),
            )
            .hint("correct or remove it");
        }
        return wrong("the database URL has an option that PostgreSQL does not know");
    }
    let host = rest.rsplit('@').next().unwrap_or_default();
    let host = host.split(['/', '?']).next().unwrap_or_default();
    if format!("postgres://{host}").parse::<Config>().is_err() {
        return wrong("the database URL has a wrong host or port");
    }
    wrong("the database URL is malformed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> Error {
        match parse(url) {
            Ok(_) => panic!("`{url}` was taken"),
            Err(error) => error,
        }
    }

    #[test]
    fn no_refusal_shows_a_piece_of_the_password() {
        for url in [
            "postgres://ann:s3cret@more@host/db",
            "postgres://ann:s3cret/more@host/db",
            "postgres://ann:s3cret?more=1@host/db",
            "postgres://ann:s3cret#more@host/db",
            "postgres://ann:s3cret@host:notaport/db",
            "postgres://ann:s3cret@host:99999/db",
            "postgres://ann:s3cret@host/db?s3cret=1",
            "postgres://ann:s3cret@host/db?s3cret",
            "postgres://ann:s3cret@/db",
            "postgres://ann:s3cret@[::1/db",
            "postgres:ann:s3cret",
            "postgres://ann:s3cret@host/db?sslmode=require",
            "postgres://ann:s3cret@host/db?password=s3cret&port=s3cret",
        ] {
            let error = refusal(url);
            assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
            assert!(!format!("{error:?}").contains("s3cret"), "{url}: {error:?}");
        }
    }

    #[test]
    fn encryption_is_refused_rather_than_left_out() {
        for option in [
            "sslmode=require",
            "sslmode=%72equire",
            "sslmode=verify-full",
            "sslmode=verify-ca",
            "channel_binding=require",
        ] {
            let error = refusal(&format!("postgres://ann@host/db?{option}"));
            assert!(error.to_string().contains("encrypted"), "{option}: {error}");
        }
        assert!(parse("postgresql://ann@host/db?sslmode=disable").is_ok());
        assert!(parse("postgresql://ann@host/db?sslmode=prefer").is_ok());
    }

    #[test]
    fn wrong_options_are_named_when_they_are_options() {
        let error = refusal("postgres://ann@host/db?connect_timeout=soon");
        assert!(error.to_string().contains("`connect_timeout`"), "{error}");
        let error = refusal("postgres://ann@host/db?sslrootcert=/etc/ssl/ca.pem");
        assert!(error.to_string().contains("`sslrootcert`"), "{error}");
    }

    #[test]
    fn the_address_is_the_hosts_and_ports() {
        let config = parse("postgres://ann:s3cret@one:1,two:2/db").unwrap();
        assert_eq!(address(&config), "one:1, two:2");
        assert_eq!(config.get_application_name(), Some("covet"));
    }
}

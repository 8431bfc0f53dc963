//! Database URLs. No error contains a piece of the URL: any piece may belong to a password that
//! was not percent-encoded.

use covet_core::error::{Error, ErrorKind, Result};
use covet_tls::{Mode, Names, Settings, Wishes, is_this_machine};
use std::borrow::Cow;
use tokio_postgres::{
    Config,
    config::{Host, SslMode, SslNegotiation},
};

/// The schemes of URLs, without the colon.
pub const SCHEMES: &[&str] = &["postgres", "postgresql"];

/// The names of the parameters, as libpq has them.
const NAMES: Names = Names {
    database: "PostgreSQL",
    mode: "sslmode",
    full: "verify-full",
    plain: "disable",
    roots: "sslrootcert",
    certificate: "sslcert",
    key: "sslkey",
};

/// What a URL says.
pub struct Target {
    /// The driver's options, the password among them.
    pub config: Config,
    /// What is done about TLS.
    pub tls: Settings,
}

/// Parses `postgres://user:password@host:port/database?option=value`.
///
/// # Errors
/// When the URL is malformed, names no host, or contradicts itself.
pub fn parse(url: &str) -> Result<Target> {
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
    let (base, options) = url.split_once('?').unwrap_or((url, ""));
    let mut wishes = Wishes::new(&NAMES);
    let mut kept = Vec::new();
    // The driver knows some values of `sslmode` and no certificates.
    for option in options.split('&').filter(|option| !option.is_empty()) {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        if !wishes.take(&decoded(name), &decoded(value))? {
            kept.push(option);
        }
    }
    let options = kept.join("&");
    let mut config: Config = format!("{base}?{options}").parse().map_err(|_| malformed(rest, &options))?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(wrong("the database URL names no host"));
    }
    if config.get_application_name().is_none() {
        config.application_name("covet");
    }
    let tls = encrypt(&mut config, wishes)?;
    Ok(Target { config, tls })
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}

/// Decides on TLS from where the servers are. Sockets are never encrypted, as with libpq.
fn encrypt(config: &mut Config, wishes: Wishes) -> Result<Settings> {
    let is_socket = |host: &Host| match host {
        Host::Tcp(_) => false,
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    let sockets = config.get_hosts().iter().filter(|host| is_socket(host)).count();
    let only_sockets = config.get_hostaddrs().is_empty() && sockets == config.get_hosts().len();
    let local = only_sockets
        || if config.get_hostaddrs().is_empty() {
            config.get_hosts().iter().all(|host| match host {
                Host::Tcp(host) => is_this_machine(host),
                #[cfg(unix)]
                Host::Unix(_) => true,
            })
        } else {
            config.get_hostaddrs().iter().all(|address| address.to_canonical().is_loopback())
        };
    let mut tls = wishes.decide(local)?;
    if only_sockets {
        tls.mode = Mode::Disable;
    }
    if config.get_hosts().is_empty() {
        // The certificate is compared with what the URL has.
        for address in config.get_hostaddrs().to_vec() {
            config.host(address.to_string());
        }
    }
    let insists = tls.mode > Mode::Prefer;
    if insists && sockets > 0 {
        return Err(wrong("the database URL names a socket, which is never encrypted, and a host that has to be")
            .hint("name the one or the other"));
    }
    if !insists && config.get_ssl_negotiation() == SslNegotiation::Direct {
        return Err(wrong("`sslnegotiation=direct` needs a connection that insists on TLS")
            .hint("write `sslmode=verify-full`, or remove it"));
    }
    config.ssl_mode(match tls.mode {
        Mode::Disable => SslMode::Disable,
        Mode::Prefer => SslMode::Prefer,
        Mode::Require | Mode::VerifyCa | Mode::VerifyFull => SslMode::Require,
    });
    Ok(tls)
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

/// The name that the certificate of the only host is compared with.
pub fn name(config: &Config) -> &str {
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host,
        #[cfg(unix)]
        Some(Host::Unix(_)) => "",
        None => "",
    }
}

#[cold]
fn wrong(message: &'static str) -> Error {
    Error::new(ErrorKind::Configuration, message).hint("write `postgres://user:password@host:5432/database`")
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
    "sslcrl",
    "sslnegotiation",
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
            "postgres://ann:s3cret@host/db?sslmode=s3cret",
            "postgres://ann:s3cret@host/db?sslcert=s3cret",
            "postgres://ann:s3cret@host/db?password=s3cret&port=s3cret",
        ] {
            let error = refusal(url);
            assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
            assert!(!format!("{error:?}").contains("s3cret"), "{url}: {error:?}");
        }
    }

    fn mode(hosts: &str) -> (Mode, SslMode) {
        let target = parse(&format!("postgres://ann@{hosts}")).unwrap();
        (target.tls.mode, target.config.get_ssl_mode())
    }

    #[cfg(feature = "tls")]
    #[test]
    fn servers_elsewhere_are_verified_unless_the_url_says_otherwise() {
        for hosts in ["db.example.com/x", "10.0.0.1", "localhost,db/x", "localhost/x?hostaddr=10.0.0.1", "[fe80::1]/x"]
        {
            assert_eq!(mode(hosts), (Mode::VerifyFull, SslMode::Require), "{hosts}");
        }
        assert_eq!(mode("db/x?sslmode=prefer"), (Mode::Prefer, SslMode::Prefer));
        assert_eq!(mode("db/x?sslmode=%72equire"), (Mode::Require, SslMode::Require));
        assert_eq!(mode("db/x?sslmode=verify-ca&connect_timeout=3"), (Mode::VerifyCa, SslMode::Require));
        assert_eq!(mode("localhost/x?sslmode=verify-full"), (Mode::VerifyFull, SslMode::Require));
        assert_eq!(mode("127.0.0.1/x?%73slrootcert=%2Fca.pem"), (Mode::VerifyFull, SslMode::Require));
    }

    #[test]
    fn this_machine_and_sockets_are_spoken_to_in_plain_text() {
        for hosts in ["localhost/x", "127.0.0.1/x", "[::1]/x", "db/x?hostaddr=127.0.0.1", "%2Frun%2Fpg/x"] {
            assert_eq!(mode(hosts), (Mode::Disable, SslMode::Disable), "{hosts}");
        }
        assert_eq!(mode("db/x?sslmode=disable"), (Mode::Disable, SslMode::Disable));
        // A database's name is no option.
        assert_eq!(mode("localhost/sslmode=require"), (Mode::Disable, SslMode::Disable));
    }

    #[cfg(feature = "tls")]
    #[test]
    fn contradictions_are_refused() {
        let error = refusal("postgres://ann@%2Frun%2Fpg,db/x");
        assert!(error.to_string().contains("socket"), "{error}");
        let error = refusal("postgres://ann@localhost/x?sslnegotiation=direct");
        assert!(error.to_string().contains("`sslnegotiation=direct`"), "{error}");
        let error = refusal("postgres://ann@db/x?sslmode=allow");
        assert!(error.to_string().contains("`sslmode`"), "{error}");
    }

    #[test]
    fn wrong_options_are_named_when_they_are_options() {
        let error = refusal("postgres://ann@host/db?connect_timeout=soon");
        assert!(error.to_string().contains("`connect_timeout`"), "{error}");
        let error = refusal("postgres://ann@localhost/db?sslcrl=/etc/ssl/revoked.pem");
        assert!(error.to_string().contains("`sslcrl`"), "{error}");
    }

    #[test]
    fn the_address_is_the_hosts_and_ports() {
        let config = parse("postgres://ann:s3cret@one:1,two:2/db?sslmode=disable").unwrap().config;
        assert_eq!(address(&config), "one:1, two:2");
        assert_eq!(config.get_application_name(), Some("covet"));
    }
}

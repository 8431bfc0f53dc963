//! From a URL to the driver's options.

use covet_core::error::{Error, ErrorKind, Result};
use covet_tls::{Mode, Names, Settings, Wishes, is_this_machine};
use mysql_async::{Opts, OptsBuilder};
use percent_encoding::percent_decode_str;

/// The URL schemes.
pub const SCHEMES: &[&str] = &["mysql", "mariadb"];

/// The names of the parameters, as MySQL's programs have them.
const NAMES: Names = Names {
    database: "MySQL",
    mode: "ssl-mode",
    full: "VERIFY_IDENTITY",
    plain: "DISABLED",
    roots: "ssl-ca",
    certificate: "ssl-cert",
    key: "ssl-key",
};

/// What a URL says.
#[derive(Clone)]
pub struct Target {
    /// The driver's options for plain text, the password among them.
    pub opts: Opts,
    /// `host:port`, for errors.
    pub address: String,
    /// The user, for errors.
    pub user: String,
    /// The database, for errors.
    pub database: String,
    /// What is done about TLS.
    pub tls: Settings,
    /// Whether the server is on this machine.
    pub local: bool,
    /// Whether the password may be encrypted for a key that nobody vouches for.
    pub takes_any_key: bool,
}

#[cold]
fn wrong(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Configuration, message).hint("write `mysql://user:password@host:3306/database`")
}

/// Reads a URL. Errors never repeat it, for it holds the password.
///
/// # Errors
/// When it is not a URL of these databases, or asks for what covet cannot do.
pub fn parse(url: &str) -> Result<Target> {
    let url = ::url::Url::parse(url).map_err(|error| wrong(format!("the URL is wrong: {error}")))?;
    if !SCHEMES.contains(&url.scheme()) {
        return Err(wrong(format!("`{}:` is not a scheme of MySQL or MariaDB", url.scheme())));
    }
    let (wishes, takes_any_key) = parameters(&url)?;
    let host = match url.host() {
        None | Some(::url::Host::Domain("")) => "127.0.0.1".to_owned(),
        Some(::url::Host::Domain(name)) => decoded(name, "host")?,
        Some(::url::Host::Ipv4(ip)) => ip.to_string(),
        Some(::url::Host::Ipv6(ip)) => ip.to_string(),
    };
    let local = is_this_machine(&host);
    let tls = wishes.decide(local)?;
    if tls.mode == Mode::VerifyCa {
        return Err(Error::new(
            ErrorKind::Configuration,
            "the certificate of MySQL and MariaDB cannot be verified without its name",
        )
        .hint("write `ssl-mode=VERIFY_IDENTITY`, and the name of the certificate as the host"));
    }
    let port = url.port().unwrap_or(3306);
    let user = decoded(url.username(), "user")?;
    let password = url.password().map(|password| decoded(password, "password")).transpose()?;
    let database = decoded(url.path().trim_start_matches('/'), "database")?;
    if database.contains('/') {
        return Err(wrong("the URL has more than one database"));
    }
    let address = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let opts = OptsBuilder::default()
        .ip_or_hostname(host)
        .tcp_port(port)
        .user(some(&user))
        .pass(password)
        .db_name(some(&database))
        // Affected rows are the matched ones.
        .client_found_rows(true)
        // Statements are kept by covet; a size of 0 here makes the driver keep none.
        .stmt_cache_size(0)
        // Nobody asked for another transport than the URL's.
        .prefer_socket(false)
        // The pool asks before it lends; this value only saves a question to the server.
        .wait_timeout(Some(28_800));
    Ok(Target { opts: opts.into(), address, user, database, tls, local, takes_any_key })
}

fn decoded(text: &str, what: &str) -> Result<String> {
    let text = percent_decode_str(text).decode_utf8();
    text.map(Into::into).map_err(|_| wrong(format!("the {what} in the URL is not UTF-8")))
}

fn parameters(url: &::url::Url) -> Result<(Wishes, bool)> {
    let mut wishes = Wishes::new(&NAMES);
    let mut takes_any_key = false;
    for (name, value) in url.query_pairs() {
        if wishes.take(&name, &value)? {
            continue;
        }
        match &*name {
            "get-server-public-key" => {
                takes_any_key =
                    value.parse().map_err(|_| wrong("`get-server-public-key` is neither true nor false"))?;
            }
            "require_ssl" | "ssl_mode" | "sslmode" | "ssl" | "tls" | "verify_ca" | "verify_identity" => {
                return Err(Error::new(
                    ErrorKind::Configuration,
                    format!("the URL speaks of TLS with `{name}`, which is not MySQL's word"),
                )
                .hint("write `ssl-mode=VERIFY_IDENTITY`, `REQUIRED`, `PREFERRED` or `DISABLED`"));
            }
            "socket" => {
                return Err(Error::new(ErrorKind::Configuration, "the URL asks for a Unix socket with `socket`")
                    .hint("connect by TCP, and remove the parameter"));
            }
            _ => {
                return Err(Error::new(
                    ErrorKind::Configuration,
                    format!("the URL has the unknown parameter `{name}`"),
                )
                .hint("remove it; limits and deadlines are options of the builder"));
            }
        }
    }
    Ok((wishes, takes_any_key))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> String {
        format!("{:?}", parse(url).err().unwrap())
    }

    #[test]
    fn both_schemes_name_the_same_server() {
        for scheme in SCHEMES {
            let url = format!("{scheme}://us%40er:p%3Aw@[::1]:3307/my%20db?ssl-mode=DISABLED");
            let opts = parse(&url).unwrap().opts;
            assert_eq!(opts.user(), Some("us@er"));
            assert_eq!(opts.pass(), Some("p:w"));
            assert_eq!(opts.db_name(), Some("my db"));
            assert_eq!((opts.ip_or_hostname(), opts.tcp_port()), ("::1", 3307));
            assert!(opts.client_found_rows());
        }
        assert!(parse("mariadb://root@127.0.0.1").is_ok_and(|target| target.opts.db_name().is_none()));
    }

    #[test]
    fn what_the_url_asks_for_is_never_ignored() {
        assert!(refusal("mysql://u:secret@localhost/d?colour=blue").contains("`colour`"));
        for ask in ["require_ssl=true", "sslmode=require", "ssl=0", "verify_ca=true"] {
            assert!(refusal(&format!("mysql://u:secret@localhost/d?{ask}")).contains("`ssl-mode="), "{ask}");
        }
        assert!(refusal("mysql://u:secret@localhost/d?ssl-mode=ON").contains("`ssl-mode`"));
        assert!(refusal("mysql://u:secret@localhost/d?get-server-public-key=maybe").contains("get-server-public-key"));
        assert!(refusal("mysql://u:secret@localhost/d?socket=/tmp/s").contains("socket"));
        assert!(refusal("postgres://u:secret@h/d").contains("postgres"));
    }

    #[cfg(feature = "tls")]
    #[test]
    fn servers_elsewhere_are_verified_unless_the_url_says_otherwise() {
        let mode = |url: &str| parse(url).unwrap().tls.mode;
        for url in ["mysql://u@db/d", "mariadb://u@10.0.0.1/d", "mysql://u@127.0.0.1/d?ssl-ca=/ca.pem"] {
            assert_eq!(mode(url), Mode::VerifyFull, "{url}");
        }
        for url in ["mysql:///d", "mysql://localhost", "mysql://u@127.0.0.1/d", "mysql://u@[::1]/d"] {
            assert_eq!(mode(url), Mode::Disable, "{url}");
        }
        assert_eq!(mode("mysql://u@db/d?ssl-mode=REQUIRED"), Mode::Require);
        assert_eq!(mode("mysql://u@db/d?ssl-mode=preferred"), Mode::Prefer);
        assert_eq!(mode("mysql://u@db/d?ssl-mode=DISABLED"), Mode::Disable);
        for less in ["ssl-mode=VERIFY_CA", "ssl-mode=REQUIRED&ssl-ca=/ca.pem"] {
            assert!(refusal(&format!("mysql://u@db/d?{less}")).contains("VERIFY_IDENTITY"), "{less}");
        }
    }

    #[test]
    fn refusals_do_not_repeat_the_password() {
        for url in [
            "mysql://u:secret@h:99999/d",
            "mysql://u:secret@[/d",
            "mysql://u:secret@h/d?x=secret",
            "http://u:secret@h/",
        ] {
            let text = refusal(url);
            assert!(!text.contains("secret"), "{text}");
        }
    }
}

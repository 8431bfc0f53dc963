//! From a URL to the driver's options.

use covet_core::error::{Error, ErrorKind, Result};
use mysql_async::{Opts, OptsBuilder};
use percent_encoding::percent_decode_str;

/// The URL schemes.
pub const SCHEMES: &[&str] = &["mysql", "mariadb"];

/// What a URL says.
#[derive(Clone)]
pub struct Target {
    /// The driver's options, the password among them.
    pub opts: Opts,
    /// `host:port`, for errors.
    pub address: String,
    /// The user, for errors.
    pub user: String,
    /// The database, for errors.
    pub database: String,
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
    parameters(&url)?;
    let host = match url.host() {
        None | Some(::url::Host::Domain("")) => "127.0.0.1".to_owned(),
        Some(::url::Host::Domain(name)) => decoded(name, "host")?,
        Some(::url::Host::Ipv4(ip)) => ip.to_string(),
        Some(::url::Host::Ipv6(ip)) => ip.to_string(),
    };
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
    Ok(Target { opts: opts.into(), address, user, database })
}

fn decoded(text: &str, what: &str) -> Result<String> {
    let text = percent_decode_str(text).decode_utf8();
    text.map(Into::into).map_err(|_| wrong(format!("the {what} in the URL is not UTF-8")))
}

fn parameters(url: &::url::Url) -> Result<()> {
    for (name, value) in url.query_pairs() {
        let off = value.eq_ignore_ascii_case("false") || value.eq_ignore_ascii_case("disabled") || value == "0";
        match &*name {
            "require_ssl" | "ssl-mode" | "ssl_mode" | "sslmode" | "ssl" | "tls" if off => {}
            "require_ssl" | "ssl-mode" | "ssl_mode" | "sslmode" | "ssl" | "tls" | "verify_ca" | "verify_identity" => {
                return Err(Error::new(
                    ErrorKind::Configuration,
                    format!("the URL asks for TLS with `{name}`, which covet cannot do for MySQL yet"),
                )
                .hint("connect over a private network or a tunnel, and remove the parameter"));
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
    Ok(())
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
        assert!(refusal("mysql://u:secret@h/d?colour=blue").contains("`colour`"));
        for ask in ["require_ssl=true", "ssl-mode=REQUIRED", "ssl-mode=VERIFY_CA", "verify_ca=true"] {
            assert!(refusal(&format!("mysql://u:secret@h/d?{ask}")).contains("TLS"), "{ask}");
        }
        assert!(refusal("mysql://u:secret@h/d?socket=/tmp/s").contains("socket"));
        assert!(refusal("postgres://u:secret@h/d").contains("postgres"));
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

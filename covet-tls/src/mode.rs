//! How strict a connection is.

use std::net::IpAddr;

/// How strict a connection is about TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Plain text.
    Disable,
    /// TLS when the server offers it, without a look at its certificate.
    Prefer,
    /// TLS, without a look at the server's certificate.
    Require,
    /// TLS with a certificate of a trusted authority, for whatever name.
    VerifyCa,
    /// TLS with a certificate of a trusted authority for the name in the URL.
    VerifyFull,
}

impl Mode {
    /// Reads PostgreSQL's and MySQL's names, in any case.
    ///
    /// ```
    /// use covet_tls::Mode;
    /// assert_eq!(Mode::parse("verify-full"), Some(Mode::VerifyFull));
    /// assert_eq!(Mode::parse("VERIFY_IDENTITY"), Some(Mode::VerifyFull));
    /// assert_eq!(Mode::parse("allow"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Mode> {
        Some(match text.to_ascii_lowercase().replace('_', "-").as_str() {
            "disable" | "disabled" => Mode::Disable,
            "prefer" | "preferred" => Mode::Prefer,
            "require" | "required" => Mode::Require,
            "verify-ca" => Mode::VerifyCa,
            "verify-full" | "verify-identity" => Mode::VerifyFull,
            _ => return None,
        })
    }

    /// Whether the server's certificate is looked at.
    pub fn verifies(self) -> bool {
        self >= Mode::VerifyCa
    }
}

/// Whether a host of a URL is this machine whatever the network says: a loopback address, or
/// `localhost` and the names below it (RFC 6761).
///
/// ```
/// use covet_tls::is_this_machine;
/// assert!(is_this_machine("localhost") && is_this_machine("127.8.0.1") && is_this_machine("::1"));
/// assert!(!is_this_machine("db") && !is_this_machine("localhost.example.com"));
/// ```
pub fn is_this_machine(host: &str) -> bool {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if let Ok(address) = host.parse::<IpAddr>() {
        return address.to_canonical().is_loopback();
    }
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

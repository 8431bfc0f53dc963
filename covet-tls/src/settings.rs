//! From the parameters of a URL to what is done.

use crate::Mode;
use covet_core::error::{Error, ErrorKind, Result};
use std::path::PathBuf;

/// How a database calls its parameters.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    /// The database, for errors.
    pub database: &'static str,
    /// How strict: `sslmode`, `ssl-mode`.
    pub mode: &'static str,
    /// The strictest value of it: `verify-full`, `VERIFY_IDENTITY`.
    pub full: &'static str,
    /// The value for plain text: `disable`, `DISABLED`.
    pub plain: &'static str,
    /// A file of trusted authorities, PEM: `sslrootcert`, `ssl-ca`.
    pub roots: &'static str,
    /// A file with the client's certificate and those between it and its authority, PEM.
    pub certificate: &'static str,
    /// A file with the key of the client's certificate, PEM, not encrypted.
    pub key: &'static str,
}

/// What a URL says about TLS.
#[derive(Debug, Clone)]
pub struct Wishes {
    names: &'static Names,
    mode: Option<Mode>,
    roots: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

/// What is done. The files are read at each connection, so that a renewed one counts at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How the database calls its parameters.
    pub names: &'static Names,
    /// How strict the connection is.
    pub mode: Mode,
    /// The trusted authorities; `None` stands for the operating system's.
    pub roots: Option<PathBuf>,
    /// The client's certificate and its key.
    pub identity: Option<(PathBuf, PathBuf)>,
}

impl Wishes {
    /// Nothing has been wished for yet.
    pub fn new(names: &'static Names) -> Wishes {
        Wishes { names, mode: None, roots: None, certificate: None, key: None }
    }

    /// Takes a parameter, already decoded; says whether it is one of TLS.
    ///
    /// # Errors
    /// When the mode is none.
    pub fn take(&mut self, name: &str, value: &str) -> Result<bool> {
        let names = self.names;
        if name == names.mode {
            self.mode = Some(Mode::parse(value).ok_or_else(|| unknown_mode(names))?);
        } else if name == names.roots {
            // PostgreSQL's word for the default.
            self.roots = (value != "system").then(|| value.into());
        } else if name == names.certificate {
            self.certificate = Some(value.into());
        } else if name == names.key {
            self.key = Some(value.into());
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Decides. `local` says that every server of the URL is on this machine.
    ///
    /// # Errors
    /// When the parameters contradict each other, or TLS is needed and not compiled in.
    pub fn decide(self, local: bool) -> Result<Settings> {
        let Wishes { names, mode, roots, certificate, key } = self;
        let named = roots.is_some() || certificate.is_some() || key.is_some();
        let mode = match mode {
            None if local && !named => Mode::Disable,
            None => Mode::VerifyFull,
            Some(Mode::Disable | Mode::Prefer) if named => {
                return Err(wrong(format!("the URL names certificates, but `{}` does not insist on TLS", names.mode))
                    .hint(format!("write `{}={}`", names.mode, names.full)));
            }
            // As libpq has it: who names an authority wants it to count.
            Some(Mode::Require) if roots.is_some() => Mode::VerifyCa,
            Some(mode) => mode,
        };
        let identity = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err(wrong(format!("the URL has one of `{}` and `{}`", names.certificate, names.key))
                    .hint("name both files, or neither"));
            }
        };
        let settings = Settings { names, mode, roots, identity };
        if cfg!(feature = "rustls") || mode == Mode::Disable {
            Ok(settings)
        } else if mode == Mode::Prefer {
            Ok(Settings { mode: Mode::Disable, ..settings })
        } else {
            Err(not_compiled_in(names))
        }
    }
}

impl Settings {
    /// A parameter and its value for plain text, for hints.
    pub fn plain(&self) -> String {
        format!("{}={}", self.names.mode, self.names.plain)
    }

    /// A parameter and its value for a verified connection, for hints.
    pub fn full(&self) -> String {
        format!("{}={}", self.names.mode, self.names.full)
    }
}

/// The refusal of a server that offers no TLS.
#[cold]
pub fn without_tls(address: &str, settings: &Settings) -> Error {
    Error::new(ErrorKind::Connection, format!("the server at {address} takes no encrypted connections")).hint(format!(
        "switch TLS on at the server; over a network that nobody else reads, `{}` in the URL does without it",
        settings.plain()
    ))
}

#[cold]
fn wrong(message: String) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

#[cold]
fn unknown_mode(names: &Names) -> Error {
    wrong(format!("`{}` in the URL has a value that covet does not know", names.mode)).hint(format!(
        "write `{}`, and where the certificate shall not be looked at one of {}",
        names.full,
        if names.full == "verify-full" {
            "`disable`, `prefer`, `require`, `verify-ca`"
        } else {
            "`DISABLED`, `PREFERRED`, `REQUIRED`"
        }
    ))
}

#[cold]
fn not_compiled_in(names: &Names) -> Error {
    wrong(format!("{} on another machine is connected to by TLS, which is not compiled in", names.database)).hint(
        format!(
            "add covet's cargo feature `tls`; over a network that nobody else reads, `{}={}` in the URL does without",
            names.mode, names.plain
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: Names = Names {
        database: "PostgreSQL",
        mode: "sslmode",
        full: "verify-full",
        plain: "disable",
        roots: "sslrootcert",
        certificate: "sslcert",
        key: "sslkey",
    };

    fn decide(parameters: &[(&str, &str)], local: bool) -> Result<Settings> {
        let mut wishes = Wishes::new(&NAMES);
        for (name, value) in parameters {
            assert!(wishes.take(name, value)?, "{name}");
        }
        wishes.decide(local)
    }

    #[cfg(feature = "rustls")]
    #[test]
    fn a_server_elsewhere_is_verified_unless_the_url_says_otherwise() {
        assert_eq!(decide(&[], false).unwrap().mode, Mode::VerifyFull);
        assert_eq!(decide(&[], true).unwrap().mode, Mode::Disable);
        for (name, mode) in [("disable", Mode::Disable), ("prefer", Mode::Prefer), ("require", Mode::Require)] {
            for local in [true, false] {
                assert_eq!(decide(&[("sslmode", name)], local).unwrap().mode, mode);
            }
        }
    }

    #[cfg(feature = "rustls")]
    #[test]
    fn a_named_authority_counts() {
        let roots = ("sslrootcert", "/ca.pem");
        assert_eq!(decide(&[roots], true).unwrap().mode, Mode::VerifyFull);
        assert_eq!(decide(&[roots, ("sslmode", "require")], true).unwrap().mode, Mode::VerifyCa);
        assert_eq!(decide(&[("sslrootcert", "system")], false).unwrap().roots, None);
        for mode in ["disable", "prefer"] {
            let error = decide(&[roots, ("sslmode", mode)], false).unwrap_err();
            assert!(error.to_string().contains("sslmode=verify-full"), "{error}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = decide(&[("sslmode", "allow-s3cret")], false).unwrap_err();
        assert!(error.to_string().contains("`sslmode`") && !error.to_string().contains("s3cret"), "{error}");
        let error = decide(&[("sslcert", "/a.pem")], false).unwrap_err();
        assert!(error.to_string().contains("`sslkey`"), "{error}");
        assert!(!Wishes::new(&NAMES).take("port", "1").unwrap());
    }

    #[cfg(not(feature = "rustls"))]
    #[test]
    fn without_the_feature_a_server_elsewhere_is_refused() {
        let error = decide(&[], false).unwrap_err();
        assert!(error.to_string().contains("`tls`") && error.to_string().contains("sslmode=disable"), "{error}");
        assert_eq!(decide(&[("sslmode", "prefer")], false).unwrap().mode, Mode::Disable);
    }
}

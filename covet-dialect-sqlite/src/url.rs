//! Where the database is.

use covet_core::error::{Error, ErrorKind, Result};
use std::path::PathBuf;

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In this process, gone with the last connection.
    Memory,
    /// In a file, made when it is missing.
    File(PathBuf, Synchronous),
}

/// When a commit is on the disk. SQLite's manual: PRAGMA synchronous.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// A loss of power may take the last commits back; the file stays whole.
    Normal,
    /// A commit that returned is on the disk.
    Full,
}

impl Synchronous {
    /// The value of the pragma.
    pub const fn pragma(self) -> &'static str {
        match self {
            Synchronous::Normal => "NORMAL",
            Synchronous::Full => "FULL",
        }
    }
}

/// Reads `sqlite::memory:`, `sqlite:relative.db`, `sqlite://relative.db`, `sqlite:///absolute.db`, with
/// `?synchronous=normal` (the default) or `?synchronous=full` behind a file.
pub fn parse(url: &str) -> Result<Place> {
    let rest = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path == ":memory:" {
        return Ok(Place::Memory);
    }
    if path.is_empty() {
        return Err(Error::new(ErrorKind::Configuration, "the SQLite URL names no file")
            .hint("write `sqlite:shop.db`, or `sqlite::memory:` for a database in memory"));
    }
    let (path, parameters) = path.split_once('?').unwrap_or((path, ""));
    let mut synchronous = Synchronous::Normal;
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        synchronous = match parameter.split_once('=').unwrap_or((parameter, "")) {
            ("synchronous", "normal") => Synchronous::Normal,
            ("synchronous", "full") => Synchronous::Full,
            ("synchronous", _) => {
                return Err(Error::new(
                    ErrorKind::Configuration,
                    "the URL parameter `synchronous` is neither of its values",
                )
                .hint("write `synchronous=normal` or `synchronous=full`"));
            }
            (name, _) => {
                return Err(Error::new(
                    ErrorKind::Configuration,
                    format!("covet has no SQLite URL parameter `{name}`"),
                )
                .hint("there is `synchronous`; set options with `covet::builder()`"));
            }
        };
    }
    Ok(Place::File(PathBuf::from(path), synchronous))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_files_or_memory() {
        assert_eq!(parse("sqlite::memory:").ok(), Some(Place::Memory));
        assert_eq!(parse("sqlite:a.db").ok(), Some(Place::File("a.db".into(), Synchronous::Normal)));
        assert_eq!(parse("sqlite:///a/b.db").ok(), Some(Place::File("/a/b.db".into(), Synchronous::Normal)));
        assert_eq!(parse("sqlite:a.db?synchronous=full").ok(), Some(Place::File("a.db".into(), Synchronous::Full)));
        assert!(parse("sqlite:a.db?synchronous=off").is_err_and(|error| error.to_string().contains("`synchronous`")));
        assert!(parse("sqlite:").is_err());
        assert!(parse("sqlite:a.db?cache=shared").is_err_and(|error| error.to_string().contains("`cache`")));
    }
}

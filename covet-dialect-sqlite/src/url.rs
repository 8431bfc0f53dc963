//! Where the database is.

use covet_core::error::{Error, ErrorKind, Result};
use std::path::PathBuf;

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In this process, gone with the last connection.
    Memory,
    /// In a file, made when it is missing.
    File(PathBuf),
}

/// Reads `sqlite::memory:`, `sqlite:relative.db`, `sqlite://relative.db`, `sqlite:///absolute.db`.
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
    if let Some((_, parameters)) = path.split_once('?') {
        let name = parameters.split(['=', '&']).next().unwrap_or_default();
        return Err(Error::new(ErrorKind::Configuration, format!("covet has no SQLite URL parameter `{name}`"))
            .hint("set options with `covet::builder()`"));
    }
    Ok(Place::File(PathBuf::from(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_files_or_memory() {
        assert_eq!(parse("sqlite::memory:").ok(), Some(Place::Memory));
        assert_eq!(parse("sqlite:a.db").ok(), Some(Place::File("a.db".into())));
        assert_eq!(parse("sqlite:///a/b.db").ok(), Some(Place::File("/a/b.db".into())));
        assert!(parse("sqlite:").is_err());
        assert!(parse("sqlite:a.db?cache=shared").is_err_and(|error| error.to_string().contains("`cache`")));
    }
}

//! Where a worker works: the engine, the URL, the options of its command line.

use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// The families of engines; SQLite twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in WAL mode.
    SqliteFile,
    /// A database in the worker's memory; the worker fills it itself.
    SqliteMemory,
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    MySql,
    /// MariaDB.
    MariaDb,
}

impl Engine {
    const ALL: [(&str, Engine); 5] = [
        ("sqlite-file", Engine::SqliteFile),
        ("sqlite-memory", Engine::SqliteMemory),
        ("pg", Engine::Postgres),
        ("mysql", Engine::MySql),
        ("mariadb", Engine::MariaDb),
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        Engine::ALL.into_iter().find(|(_, engine)| *engine == self).map_or("", |(name, _)| name)
    }

    /// The engine of a name.
    pub fn by_name(name: &str) -> Option<Engine> {
        Engine::ALL.into_iter().find(|(other, _)| *other == name).map(|(_, engine)| engine)
    }

    /// Whether it lives in the worker's process.
    pub fn is_sqlite(self) -> bool {
        matches!(self, Engine::SqliteFile | Engine::SqliteMemory)
    }

    fn rows(self) -> &'static str {
        match self {
            Engine::SqliteFile | Engine::SqliteMemory => include_str!("rows/sqlite.sql"),
            Engine::Postgres => include_str!("rows/pg.sql"),
            Engine::MySql => include_str!("rows/mysql.sql"),
            Engine::MariaDb => include_str!("rows/mariadb.sql"),
        }
    }
}

/// The tables and their rows, statement by statement. The tables stand in a file that covet's worker wrote.
pub fn script(engine: Engine, tables: &Path) -> Result<Vec<String>> {
    let mut script = statements(&std::fs::read_to_string(tables)?);
    script.extend(statements(engine.rows()));
    Ok(script)
}

/// A semicolon at the end of a line ends a statement.
fn statements(text: &str) -> Vec<String> {
    text.split(";\n").map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

/// The command line of a worker: `ENGINE URL --tables FILE [--inline on|off] [--workers N]`.
#[derive(Clone, Debug)]
pub struct Target {
    /// The engine.
    pub engine: Engine,
    /// A path for a file, nothing for memory, the server's URL else.
    pub url: String,
    /// The statements that make the tables.
    pub tables: PathBuf,
    /// Whether covet may run statements of SQLite on the caller's thread.
    pub inline: bool,
    /// The runtime's worker threads.
    pub workers: usize,
}

impl Target {
    /// The tables and their rows, for a database in memory.
    pub fn script(&self) -> Result<Vec<String>> {
        script(self.engine, &self.tables)
    }

    /// Reads the command line.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Target> {
        let missing = || Error::from("usage: ENGINE URL --tables FILE [--inline on|off] [--workers N]");
        let engine = arguments.next().and_then(|name| Engine::by_name(&name)).ok_or_else(missing)?;
        let url = arguments.next().ok_or_else(missing)?;
        let mut target = Target { engine, url, tables: PathBuf::new(), inline: true, workers: 2 };
        while let Some(option) = arguments.next() {
            let value = arguments.next().ok_or_else(missing)?;
            match option.as_str() {
                "--tables" => target.tables = value.into(),
                "--inline" => target.inline = value == "on",
                "--workers" => target.workers = value.parse()?,
                _ => return Err(missing()),
            }
        }
        Ok(target)
    }
}

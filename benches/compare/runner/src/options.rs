//! The command line, and what it leaves to the environment.

use bench_kit::{Engine, Result, Task};
use std::path::PathBuf;

/// One library under test.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// Its name in the tables.
    pub title: &'static str,
    /// The name of its binary behind `bench-`.
    pub binary: &'static str,
    /// Options of its command line.
    pub arguments: &'static [&'static str],
}

impl Subject {
    /// Whether it is covet with its defaults, or with other options.
    pub fn is_covet(&self) -> bool {
        self.binary == COVET.binary
    }

    /// Whether it is neither the driver nor covet.
    pub fn is_peer(&self) -> bool {
        self.binary != RAW.binary && !self.is_covet()
    }
}

const fn subject(title: &'static str, binary: &'static str) -> Subject {
    Subject { title, binary, arguments: &[] }
}

const RAW: Subject = subject("raw", "raw");
const COVET: Subject = subject("covet", "covet");
const COVET_THREAD: Subject = Subject { title: "covet, inline off", binary: "covet", arguments: &["--inline", "off"] };
const PEERS: [Subject; 4] = [
    subject("diesel-async", "diesel-async"),
    subject("sqlx", "sqlx"),
    subject("sea-orm", "sea-orm"),
    subject("toasty", "toasty"),
];
const SQLITE: [Subject; 8] =
    [RAW, COVET, COVET_THREAD, subject("diesel", "diesel"), PEERS[0], PEERS[1], PEERS[2], PEERS[3]];
const SERVER: [Subject; 6] = [RAW, COVET, PEERS[0], PEERS[1], PEERS[2], PEERS[3]];

/// An engine and where it is.
#[derive(Clone, Debug)]
pub struct Place {
    /// The family.
    pub engine: Engine,
    /// The heading of its tables.
    pub title: String,
    /// The server; nothing for SQLite.
    pub url: String,
}

/// The variables that the engines of the tests are found by.
const SERVERS: [(&str, Engine, &str); 7] = [
    ("COVET_TEST_PG18_URL", Engine::Postgres, "PostgreSQL 18"),
    ("COVET_TEST_PG17_URL", Engine::Postgres, "PostgreSQL 17"),
    ("COVET_TEST_PG15_URL", Engine::Postgres, "PostgreSQL 15"),
    ("COVET_TEST_MYSQL97_URL", Engine::MySql, "MySQL 9.7"),
    ("COVET_TEST_MARIADB118_URL", Engine::MariaDb, "MariaDB 11.8"),
    ("COVET_TEST_MARIADB1011_URL", Engine::MariaDb, "MariaDB 10.11"),
    ("COVET_TEST_MARIADB105_URL", Engine::MariaDb, "MariaDB 10.5"),
];

/// What is run.
#[derive(Debug)]
pub struct Options {
    /// SQLite twice, and the servers whose variables are set.
    pub engines: Vec<Place>,
    /// The rows of the tables.
    pub tasks: Vec<Task>,
    /// How often everybody has a turn.
    pub rounds: usize,
    /// How long a turn shall last.
    pub millis: u64,
    /// Where the binaries are.
    pub folders: Vec<PathBuf>,
    only: Option<Vec<String>>,
}

impl Options {
    /// Reads the command line.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options> {
        let mut options = Options {
            engines: places(),
            tasks: Task::MEASURED.to_vec(),
            rounds: 31,
            millis: 20,
            folders: Vec::new(),
            only: None,
        };
        while let Some(option) = arguments.next() {
            if option == "--" {
                options.folders.extend(arguments.map(PathBuf::from));
                break;
            }
            let value = arguments.next().ok_or_else(|| format!("{option} needs a value"))?;
            let names: Vec<String> = value.split(',').map(str::to_owned).collect();
            match option.as_str() {
                "--engines" => options.engines.retain(|place| names.iter().any(|name| name == place.engine.name())),
                "--subjects" => options.only = Some(names),
                "--tasks" => options.tasks.retain(|task| names.iter().any(|name| name == task.name())),
                "--rounds" => options.rounds = value.parse()?,
                "--millis" => options.millis = value.parse()?,
                _ => return Err(format!("unknown option {option}").into()),
            }
        }
        Ok(options)
    }

    /// Who is compared on an engine; the raw driver comes first.
    pub fn subjects(&self, engine: Engine) -> impl Iterator<Item = &'static Subject> {
        let all: &'static [Subject] = if engine.is_sqlite() { &SQLITE } else { &SERVER };
        let wanted = |subject: &&Subject| {
            subject.binary == RAW.binary
                || self.only.as_ref().is_none_or(|only| only.iter().any(|one| one == subject.binary))
        };
        all.iter().filter(wanted).collect::<Vec<_>>().into_iter()
    }
}

fn places() -> Vec<Place> {
    let mut places = vec![
        Place { engine: Engine::SqliteFile, title: "SQLite, a WAL file".to_owned(), url: String::new() },
        Place { engine: Engine::SqliteMemory, title: "SQLite, in memory".to_owned(), url: String::new() },
    ];
    for (variable, engine, title) in SERVERS {
        if let Ok(url) = std::env::var(variable) {
            places.push(Place { engine, title: title.to_owned(), url });
        }
    }
    places
}

//! What is remembered of a statement: how SQLite runs it, and whether it was short lately.

use super::statement::Read;
use covet_core::{render::Prepared, value::Kind};
use rusqlite::{Connection, OptionalExtension};
use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

/// How SQLite runs a statement, read from its program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Shape {
    /// No loop, no trigger, no cascade: rows found by key.
    Point = 1,
    /// Loops, which can be interrupted.
    Loop = 2,
    /// May run for long where it cannot be interrupted.
    Blind = 3,
}

/// The instructions that a loop, a trigger or a cascade cannot do without.
const LOOPS: [&str; 10] =
    ["Next", "Prev", "SorterNext", "VNext", "RowSetRead", "Yield", "InitCoroutine", "Program", "Gosub", "VUpdate"];

impl Shape {
    fn of(connection: &Connection, sql: &str) -> rusqlite::Result<Shape> {
        // AUTOINCREMENT looks for its counter in a table with one row for each table.
        let counters: Option<i64> = connection
            .prepare_cached("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_sequence'")?
            .query_row([], |row| row.get(0))
            .optional()?;
        let mut explain = connection.prepare(&format!("EXPLAIN {sql}"))?;
        let mut rows = explain.raw_query();
        let (mut shape, mut counter) = (Shape::Point, None);
        while let Some(row) = rows.next()? {
            let instruction = row.get_ref(1)?;
            let instruction = instruction.as_str().unwrap_or_default();
            let (cursor, root): (i64, i64) = (row.get(2)?, row.get(3)?);
            match instruction {
                // A list is read by a virtual table too; the size of the values bounds its time.
                "VOpen" if sql.contains("json_each(") => {}
                "VOpen" | "Count" => return Ok(Shape::Blind),
                "OpenRead" | "OpenWrite" if counters == Some(root) => counter = Some(cursor),
                "Next" if counter == Some(cursor) => {}
                _ if LOOPS.contains(&instruction) => shape = Shape::Loop,
                _ => {}
            }
        }
        Ok(shape)
    }
}

/// What is remembered of one statement, by all connections of a pool.
#[derive(Default)]
pub struct Pace {
    /// A [`Shape`]; zero while it is unknown.
    shape: AtomicU8,
    /// How many more runs go to a blocking thread.
    on_thread: AtomicU32,
    /// How often the statement was sent there, less how often it was short since.
    level: AtomicU32,
    /// Fallbacks since it was short last.
    fallbacks: AtomicU32,
}

/// A statement falls back this often before it is sent to a thread directly.
const MOST_FALLBACKS: u32 = 2;
/// How many runs it stays there for the first time; twice as many each time after.
const FIRST_STAY: u32 = 8;
/// A run on a blocking thread that is shorter than this would have ended inline.
const SHORT: Duration = Duration::from_micros(100);
/// 8 << 10 runs are the longest stay.
const MOST_LEVELS: u32 = 10;

impl Pace {
    fn new(statement: &Prepared) -> Pace {
        let pace = Pace::default();
        // One BLOB may hold the thread for longer than the budget, and nothing can interrupt it: such
        // rows are measured on a blocking thread first.
        if statement.table.is_some_and(|table| table.columns.iter().any(|column| column.kind == Kind::Bytes)) {
            pace.on_thread.store(MOST_FALLBACKS, Relaxed);
        }
        pace
    }

    /// How SQLite runs it; `None` when it cannot be prepared.
    pub fn shape(&self, connection: &Connection, statement: &Prepared) -> Option<Shape> {
        for shape in [Shape::Point, Shape::Loop, Shape::Blind] {
            if self.shape.load(Relaxed) == shape as u8 {
                return Some(shape);
            }
        }
        let shape = Shape::of(connection, &statement.sql).ok()?;
        self.shape.store(shape as u8, Relaxed);
        Some(shape)
    }

    /// SQLite has prepared it anew, perhaps because there is a trigger now.
    pub fn forget_shape(&self) {
        self.shape.store(0, Relaxed);
    }

    /// Whether the next run may begin on the caller's thread.
    pub fn is_short(&self) -> bool {
        if self.on_thread.load(Relaxed) == 0 {
            return true;
        }
        // Two at once may both count; it is a rule of thumb.
        let left = self.on_thread.load(Relaxed);
        self.on_thread.store(left.saturating_sub(1), Relaxed);
        false
    }

    /// An inline run came to its end.
    pub fn ended(&self, read: &Read) {
        if read.long_values {
            self.send_away();
        } else if self.level.load(Relaxed) > 0 || self.fallbacks.load(Relaxed) > 0 {
            self.fallbacks.store(0, Relaxed);
            let level = self.level.load(Relaxed);
            self.level.store(level.saturating_sub(1), Relaxed);
        }
    }

    /// An inline run was given up, or was too long.
    pub fn fell_back(&self) {
        let fallbacks = self.fallbacks.fetch_add(1, Relaxed) + 1;
        // What has been sent away before needs no second proof.
        if fallbacks >= MOST_FALLBACKS || self.level.load(Relaxed) > 0 {
            self.send_away();
        }
    }

    /// A run on a blocking thread ended; a short one brings the next attempt nearer.
    pub fn ended_on_thread(&self, spent: Duration, read: &Read) {
        if spent < SHORT && !read.long_values {
            let left = self.on_thread.load(Relaxed);
            self.on_thread.store(left / 2, Relaxed);
        } else {
            self.on_thread.fetch_max(1, Relaxed);
        }
    }

    fn send_away(&self) {
        let level = self.level.load(Relaxed).min(MOST_LEVELS);
        self.on_thread.store(FIRST_STAY << level, Relaxed);
        self.level.store(level + 1, Relaxed);
        self.fallbacks.store(0, Relaxed);
    }
}

/// Statements that are remembered; when there are more, the memory starts anew.
const MOST_PACES: usize = 4_000;

/// What the connections of a pool remember together.
#[derive(Clone, Default)]
pub struct Paces(Arc<Mutex<HashMap<u64, Arc<Pace>>>>);

impl Paces {
    fn of(&self, statement: &Prepared) -> Arc<Pace> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_PACES {
            all.clear();
        }
        Arc::clone(all.entry(statement.id).or_insert_with(|| Arc::new(Pace::new(statement))))
    }
}

/// Numbers that covet counts up need no hash.
#[derive(Default)]
struct ById(u64);

impl Hasher for ById {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0 << 8 | u64::from(*byte));
    }
    fn write_u64(&mut self, id: u64) {
        // hashbrown takes its short tags from the upper bits.
        self.0 = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// What one connection remembers. It asks the others only for statements that are new to it.
#[derive(Default)]
pub struct KnownPaces {
    known: HashMap<u64, Arc<Pace>, BuildHasherDefault<ById>>,
    all: Paces,
}

impl KnownPaces {
    pub fn new(all: Paces) -> KnownPaces {
        KnownPaces { known: HashMap::default(), all }
    }

    pub fn of(&mut self, statement: &Prepared) -> &Pace {
        if self.known.len() >= MOST_PACES {
            self.known.clear();
        }
        self.known.entry(statement.id).or_insert_with(|| self.all.of(statement))
    }
}

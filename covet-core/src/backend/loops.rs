//! Finds reads in loops: one statement, from one line, over and over in one task.

use super::count::Place;
use rustc_hash::FxBuildHasher;
use std::{
    collections::{HashMap, HashSet},
    hash::BuildHasher,
    panic::Location,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How many reads of one shape from one line of one task are reported.
pub(super) const MOST: u32 = 10;
/// After so long without a read, a task begins anew: a connection that serves requests, a worker that looks for jobs.
const PAUSE: Duration = Duration::from_secs(1);
/// How many tasks are looked at, and how many reads of each. What is more begins anew.
const MOST_TASKS: usize = 1_000;
const MOST_READS: usize = 64;

type Line = &'static Location<'static>;

/// The reads of one shape from one line.
struct Read {
    line: Line,
    shape: u64,
    times: u32,
}

struct Task {
    last: Instant,
    reads: Vec<Read>,
}

/// What the tasks of the process read.
#[derive(Default)]
struct Tasks {
    tasks: HashMap<Place, Task>,
    /// The lines that were reported. There are no more than the program has.
    reported: HashSet<Line>,
}

impl Tasks {
    /// Counts a read; gives how often it ran when that is to be reported, once for each line.
    fn read(&mut self, place: Place, line: Line, shape: u64, now: Instant, most: u32) -> Option<u32> {
        if self.tasks.len() >= MOST_TASKS && !self.tasks.contains_key(&place) {
            self.tasks.clear();
        }
        let task = self.tasks.entry(place).or_insert_with(|| Task { last: now, reads: Vec::new() });
        let is_new = now.saturating_duration_since(task.last) > PAUSE || task.reads.len() > MOST_READS;
        task.last = now;
        if is_new {
            task.reads.clear();
        }
        let known = task.reads.iter_mut().find(|read| read.shape == shape && read.line == line);
        let times = match known {
            Some(read) => {
                read.times = read.times.saturating_add(1);
                read.times
            }
            None => {
                task.reads.push(Read { line, shape, times: 1 });
                1
            }
        };
        (times >= most && self.reported.insert(line)).then_some(times)
    }
}

/// A read of the program's is about to be sent, the first one of its run.
pub(super) fn read(most: u32, line: Line, sql: &str) {
    static TASKS: Mutex<Option<Tasks>> = Mutex::new(None);
    let mut tasks = TASKS.lock().unwrap_or_else(PoisonError::into_inner);
    let tasks = tasks.get_or_insert_default();
    if let Some(times) = tasks.read(Place::here(), line, FxBuildHasher.hash_one(sql), Instant::now(), most) {
        tracing::warn!(
            target: "covet::n_plus_one", %line, times, sql,
            "a read ran {times} times from one line: load what it reads with the rows that it is for (`.with(..)`, \
             `load_into(..)`, a loader), or ask for all keys at once (`in_(..)`)",
        );
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place::here()
    }

    fn line() -> Line {
        Location::caller()
    }

    #[test]
    fn a_read_is_reported_once_for_its_line() {
        let (mut tasks, now, line) = (Tasks::default(), Instant::now(), line());
        let found: Vec<_> = (0..25).map(|_| tasks.read(place(), line, 1, now, 10)).collect();
        assert_eq!(found.iter().position(Option::is_some), Some(9));
        assert_eq!(found.iter().flatten().collect::<Vec<_>>(), [&10]);
        assert!((0..25).all(|_| tasks.read(place(), line, 2, now, 10).is_none()));
    }

    #[test]
    fn shapes_and_tasks_count_by_themselves() {
        let (mut tasks, now, line) = (Tasks::default(), Instant::now(), line());
        assert!((0..30).all(|n| tasks.read(place(), line, n % 10, now, 4).is_none()));
        let other = std::thread::spawn(Place::here).join().unwrap();
        let places = [place(), other];
        assert!((0..6).all(|n| tasks.read(places[n % 2], line, 99, now, 4).is_none()));
        assert_eq!(tasks.read(other, line, 99, now, 4), Some(4));
    }

    #[test]
    fn a_pause_begins_anew() {
        let (mut tasks, mut now, line) = (Tasks::default(), Instant::now(), line());
        for _ in 0..20 {
            assert_eq!(tasks.read(place(), line, 1, now, 2), None);
            now += PAUSE + Duration::from_millis(1);
        }
        assert_eq!(tasks.read(place(), line, 1, now - Duration::from_millis(1), 2), Some(2));
    }

    #[test]
    fn memory_is_bounded() {
        let (mut tasks, now, line) = (Tasks::default(), Instant::now(), line());
        for shape in 0..10_000 {
            tasks.read(place(), line, shape, now, 10);
        }
        assert!(tasks.tasks.values().all(|task| task.reads.len() <= MOST_READS + 1));
        for _ in 0..MOST_TASKS + 10 {
            let place = std::thread::spawn(Place::here).join().unwrap();
            tasks.read(place, line, 1, now, 10);
        }
        assert!(tasks.tasks.len() <= MOST_TASKS);
    }
}

//! Tables in Markdown.

use crate::{
    Worker,
    measure::{Figures, Row},
};
use bench_kit::{Engine, Task};

/// What covet shall reach: wall time against the raw driver.
fn target(engine: Engine, task: Task) -> Option<f64> {
    let [sqlite, pg, mysql] = match task {
        Task::Lookup | Task::Insert => [1.30, 1.05, 1.05],
        Task::Rows100 | Task::Rows10k | Task::Join500 | Task::Related => [1.10, 1.00, 1.05],
        Task::Dynamic => [1.20, 1.05, 1.05],
        Task::Bulk => [0.70, 0.60, 0.85],
        Task::Concurrent => return Some(1.05),
        Task::Update | Task::BulkUpdate | Task::Upsert | Task::GetOrCreate | Task::Scan => return None,
    };
    Some(match engine {
        Engine::SqliteFile | Engine::SqliteMemory => sqlite,
        Engine::Postgres => pg,
        Engine::MySql | Engine::MariaDb => mysql,
    })
}

/// Three tables: wall time, CPU time, allocations.
pub fn print(engine: Engine, workers: &[Worker], rows: &[Row]) {
    let names: Vec<&str> = workers.iter().skip(1).map(|worker| worker.subject.title).collect();
    let line = |first: String, figures: &[Option<Figures>], cell: fn(Figures) -> String, last: String| {
        let cells: Vec<String> = figures.iter().skip(1).map(|one| one.map_or("-".to_owned(), cell)).collect();
        println!("| {first} | {} |{last}", cells.join(" | "));
    };
    let covet = workers.iter().position(|worker| worker.subject.is_covet());
    let raw = |row: &Row, of: fn(Figures) -> f64| row.figures.first().copied().flatten().map_or(f64::NAN, of);

    println!("| wall time: raw per operation, then ratios | raw | {} | target | covet |", names.join(" | "));
    println!("|---|{}", "---|".repeat(names.len() + 3));
    for row in rows {
        let head = format!("{} | {}", row.task.title(), nanos(raw(row, |one| one.wall)));
        let goal = target(engine, row.task);
        let covet = covet.and_then(|at| row.figures[at]).map(|one| one.wall_ratio);
        let last = match (goal, covet) {
            (Some(goal), Some(covet)) => format!(" {goal:.2} | {} |", verdict(workers, row, goal, covet)),
            _ => " - | |".to_owned(),
        };
        line(head, &row.figures, |one| ratio(one.wall_ratio), last);
    }
    println!("\n| CPU time of the process | raw | {} |", names.join(" | "));
    println!("|---|{}", "---|".repeat(names.len() + 1));
    for row in rows {
        let head = format!("{} | {}", row.task.title(), nanos(raw(row, |one| one.cpu)));
        line(head, &row.figures, |one| ratio(one.cpu_ratio), String::new());
    }
    println!("\n| allocations per operation | raw | {} |", names.join(" | "));
    println!("|---|{}", "---|".repeat(names.len() + 1));
    for row in rows {
        let head = format!("{} | {}", row.task.title(), count(raw(row, |one| one.allocations)));
        line(head, &row.figures, |one| count(one.allocations), String::new());
    }
    println!();
}

/// Whether the target is met and whether a peer is ahead.
fn verdict(workers: &[Worker], row: &Row, goal: f64, covet: f64) -> String {
    let peers = workers.iter().zip(&row.figures).filter(|(worker, _)| worker.subject.is_peer());
    let best = peers.filter_map(|(_, figures)| Some(figures.as_ref()?.wall_ratio)).fold(f64::INFINITY, f64::min);
    let mut words = Vec::new();
    words.push(if covet <= goal {
        "met".to_owned()
    } else {
        format!("missed by {:.0} %", (covet / goal - 1.0) * 100.0)
    });
    if best < covet {
        words.push("a peer is ahead".to_owned());
    }
    words.join(", ")
}

/// The longest time a runtime's only worker was held.
pub fn print_held(lines: &[Vec<String>]) {
    let titles: Vec<&str> = Task::HELD.into_iter().map(Task::title).collect();
    println!(
        "| longest time the only worker of a runtime was held, ms: by the clock (median of the rounds) / of CPU (the most) | {} |",
        titles.join(" | ")
    );
    println!("|---|{}", "---|".repeat(titles.len()));
    for line in lines {
        println!("| {} |", line.join(" | "));
    }
    println!();
}

fn ratio(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2}") } else { format!("{ratio:.0}") }
}

fn count(count: f64) -> String {
    if count < 100.0 { format!("{count:.1}") } else { format!("{count:.0}") }
}

fn nanos(nanos: f64) -> String {
    if nanos < 1_000.0 {
        format!("{nanos:.0} ns")
    } else if nanos < 1_000_000.0 {
        format!("{:.1} us", nanos / 1_000.0)
    } else {
        format!("{:.2} ms", nanos / 1_000_000.0)
    }
}

/// Milliseconds of nanoseconds.
pub fn millis(nanos: u64) -> String {
    format!("{:.2}", nanos as f64 / 1_000_000.0)
}

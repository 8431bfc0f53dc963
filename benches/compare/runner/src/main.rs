//! Starts every worker on the same data, lets them take turns, prints tables of ratios.
//!
//! `bench-runner [--engines a,b] [--subjects a,b] [--tasks a,b] [--rounds N] [--millis N] -- FOLDER..` where the
//! folders hold the workers' binaries.

#![forbid(unsafe_code)]

mod measure;
mod options;
mod subject;
mod table;

use bench_kit::{Engine, Result, Task};
use options::Options;
use subject::{Answer, Worker};

fn main() -> Result<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    let folder = std::env::temp_dir().join(format!("covet-compare-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let result = options.engines.iter().try_for_each(|place| engine(&options, place, &folder));
    std::fs::remove_dir_all(folder)?;
    result
}

/// One engine: all of its tables.
fn engine(options: &Options, place: &options::Place, folder: &std::path::Path) -> Result<()> {
    subject::tables(options, place, folder)?;
    let mut workers = Vec::new();
    for subject in options.subjects(place.engine) {
        match Worker::start(options, place, subject, folder) {
            Ok(worker) => workers.push(worker),
            Err(error) => eprintln!("{}: {} does not start: {error}", place.title, subject.title),
        }
    }
    if workers.first().is_none_or(|worker| !worker.is_raw()) {
        return Err("the raw driver did not start: there is nothing to compare with".into());
    }
    println!("## {}\n", place.title);
    let mut rows = Vec::new();
    for task in options.tasks.iter().copied() {
        if task == Task::Concurrent && place.engine != Engine::Postgres {
            continue;
        }
        eprintln!("{}: {}", place.title, task.title());
        rows.push(measure::task(options, task, &mut workers)?);
    }
    table::print(place.engine, &workers, &rows);
    if place.engine.is_sqlite() {
        held(options, place, folder)?;
    }
    Ok(())
}

/// How long each library holds the only worker of a runtime.
fn held(options: &Options, place: &options::Place, folder: &std::path::Path) -> Result<()> {
    let mut lines = Vec::new();
    for subject in options.subjects(place.engine) {
        let Ok(mut worker) = Worker::start_alone(options, place, subject, folder) else { continue };
        let mut line = vec![subject.title.to_owned()];
        for task in Task::HELD {
            let (mut walls, mut most) = (Vec::new(), 0);
            for _ in 0..options.rounds {
                if let Answer::Held { wall, cpu } = worker.held(task, measure::held_ops(task))? {
                    walls.push(wall);
                    most = most.max(cpu);
                }
            }
            walls.sort_unstable();
            line.push(
                walls
                    .get(walls.len() / 2)
                    .map_or("-".to_owned(), |wall| format!("{} / {}", table::millis(*wall), table::millis(most))),
            );
        }
        lines.push(line);
    }
    table::print_held(&lines);
    Ok(())
}

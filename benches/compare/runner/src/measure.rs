//! One row: everybody takes turns, ratios are taken inside a round.

use crate::{Answer, Options, Worker};
use bench_kit::{Result, Task};

/// What one worker needed for one operation.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// By the clock, in nanoseconds: the median of the rounds.
    pub wall: f64,
    /// The median of the ratios to the raw driver of the same round.
    pub wall_ratio: f64,
    /// CPU time of the process, in nanoseconds.
    pub cpu: f64,
    /// As above.
    pub cpu_ratio: f64,
    /// Allocations, reallocations included.
    pub allocations: f64,
}

/// The figures of all workers for one task, in the order of the workers.
pub struct Row {
    /// The task.
    pub task: Task,
    /// `None` where the library cannot say it.
    pub figures: Vec<Option<Figures>>,
}

/// Operations beside one heartbeat.
pub fn held_ops(task: Task) -> u64 {
    match task {
        Task::Lookup | Task::Dynamic => 200,
        Task::Rows100 => 50,
        _ => 1,
    }
}

#[derive(Clone, Copy)]
struct Sample {
    wall: f64,
    cpu: f64,
}

fn sample(answer: Answer, ops: u64) -> Option<Sample> {
    match answer {
        Answer::Done { wall, cpu, .. } => Some(Sample { wall: wall as f64 / ops as f64, cpu: cpu as f64 / ops as f64 }),
        Answer::Held { .. } | Answer::Absent => None,
    }
}

/// Measures one task.
pub fn task(options: &Options, task: Task, workers: &mut [Worker]) -> Result<Row> {
    let mut ops = vec![0; workers.len()];
    let mut expected = None;
    for (worker, ops) in workers.iter_mut().zip(&mut ops) {
        *ops = match checked(task, worker, &mut expected) {
            Ok(true) => calibrated(options, task, worker)?,
            Ok(false) => 0,
            Err(error) => {
                eprintln!("{error}");
                0
            }
        };
    }
    let mut rounds: Vec<Vec<Option<Sample>>> = Vec::new();
    for round in 0..options.rounds {
        let mut samples = vec![None; workers.len()];
        for turn in 0..workers.len() {
            // Another one begins in each round.
            let at = (turn + round) % workers.len();
            if ops[at] > 0 {
                samples[at] = sample(workers[at].run(task, ops[at])?, ops[at]);
            }
        }
        rounds.push(samples);
    }
    let mut figures = Vec::new();
    for (at, worker) in workers.iter_mut().enumerate() {
        figures.push(if ops[at] == 0 { None } else { Some(figures_of(at, &rounds, allocations(task, worker)?)) });
    }
    Ok(Row { task, figures })
}

/// Everybody must give the same answer; this is the first turn as well.
fn checked(task: Task, worker: &mut Worker, expected: &mut Option<u64>) -> Result<bool> {
    const SEVERAL: u64 = 64;
    let ops = if matches!(task, Task::Bulk | Task::BulkUpdate | Task::Rows10k) { 1 } else { SEVERAL };
    match worker.run(task, ops)? {
        Answer::Done { digest, .. } if *expected.get_or_insert(digest) == digest => Ok(true),
        Answer::Done { .. } => Err(format!("{}: {} gives other answers", task.title(), worker.subject.title).into()),
        Answer::Held { .. } | Answer::Absent => Ok(false),
    }
}

/// How many operations fill a turn.
fn calibrated(options: &Options, task: Task, worker: &mut Worker) -> Result<u64> {
    let mut ops = 1;
    loop {
        let Answer::Done { wall, .. } = worker.run(task, ops)? else { return Ok(0) };
        let wish = options.millis * 1_000_000;
        if wall * 2 >= wish || ops >= 1_000_000 {
            return Ok((ops * wish / wall.max(1)).clamp(1, 1_000_000));
        }
        ops = (ops * wish / wall.max(1)).clamp(ops + 1, ops * 20);
    }
}

fn allocations(task: Task, worker: &mut Worker) -> Result<f64> {
    let ops = match task {
        Task::Bulk | Task::BulkUpdate | Task::Rows10k => 1,
        _ => 64,
    };
    // The first time fills caches.
    worker.count(task, ops)?;
    match worker.count(task, ops)? {
        Answer::Done { allocations, .. } => Ok(allocations as f64 / ops as f64),
        Answer::Held { .. } | Answer::Absent => Ok(0.0),
    }
}

fn figures_of(at: usize, rounds: &[Vec<Option<Sample>>], allocations: f64) -> Figures {
    let own = |of: fn(Sample) -> f64| median(rounds.iter().filter_map(|round| round[at].map(of)).collect());
    let ratio = |of: fn(Sample) -> f64| {
        median(rounds.iter().filter_map(|round| Some(of(round[at]?) / round[0].map(of)?)).collect())
    };
    Figures {
        wall: own(|sample| sample.wall),
        wall_ratio: ratio(|sample| sample.wall),
        cpu: own(|sample| sample.cpu),
        cpu_ratio: ratio(|sample| sample.cpu),
        allocations,
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

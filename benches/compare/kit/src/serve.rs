//! The loop of a worker.

use crate::{Error, Result, Target, Task, data, heartbeat};
use std::{
    io::{BufRead, Write, stdin, stdout},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

/// A library under test, opened on one database.
pub trait Subject: Sized + Send + Sync + 'static {
    /// Connects. In memory it makes the tables and the rows as well.
    fn open(target: &Target) -> impl Future<Output = Result<Self>> + Send;

    /// Does a task so many times and gives a digest of what came back; `None` when it cannot be said.
    fn run(&self, work: Work) -> impl Future<Output = Result<Option<u64>>> + Send;
}

/// What one command asks for.
#[derive(Clone, Debug)]
pub struct Work {
    /// The task.
    pub task: Task,
    /// How many times.
    pub ops: u32,
    /// The rows to store, one list for each time; those to change, whose keys count from 1.
    pub events: Vec<Vec<data::NewEvent>>,
    /// The counters to store or to find, one for each time.
    pub counters: Vec<data::NewCounter>,
    /// A number that is another one in every run.
    pub turn: i32,
}

/// The CPU time of this process.
pub(crate) fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// The `main` of a worker. `allocations` counts those of the process so far.
pub fn serve<S: Subject>(allocations: fn() -> usize) -> ExitCode {
    match try_serve::<S>(allocations) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error {}", one_line(&error));
            ExitCode::FAILURE
        }
    }
}

fn try_serve<S: Subject>(allocations: fn() -> usize) -> Result<()> {
    let target = Target::parse(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(target.workers).enable_all().build()?;
    let subject = Arc::new(runtime.block_on(runtime.spawn(async move { S::open(&target).await }))??);
    println!("ready");
    let mut turn = 0;
    for line in stdin().lock().lines() {
        let line = line?;
        let mut words = line.split(' ');
        let (Some(verb), Some(task), Some(ops)) = (words.next(), words.next().and_then(Task::by_name), words.next())
        else {
            return Err(Error::from(format!("no command: {line}")));
        };
        let ops: u32 = ops.parse()?;
        turn += 1;
        let work = task.work(ops, turn);
        let subject = Arc::clone(&subject);
        let answer = if verb == "held" {
            runtime.block_on(runtime.spawn(async move {
                let pauses = heartbeat::longest_pause(subject.run(work)).await?;
                Ok::<_, Error>(pauses.map(|(wall, spent)| format!("ok {} {}", wall.as_nanos(), spent.as_nanos())))
            }))?
        } else {
            runtime.block_on(runtime.spawn(async move {
                let (count, spent, started) = (allocations(), cpu(), Instant::now());
                let digest = subject.run(work).await?;
                let (wall, spent, count) = (started.elapsed(), cpu() - spent, allocations() - count);
                Ok(digest.map(|digest| format!("ok {} {} {count} {digest}", wall.as_nanos(), spent.as_nanos())))
            }))?
        };
        match answer {
            Ok(Some(text)) => println!("{text}"),
            Ok(None) => println!("absent"),
            Err(error) => println!("error {}", one_line(&error)),
        }
        stdout().flush()?;
    }
    Ok(())
}

fn one_line(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text.replace('\n', " ")
}

//! A worker that runs, and its brother that counts allocations.

use crate::options::{Options, Place, Subject};
use bench_kit::{Engine, Result, Task};
use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio},
};

/// What a worker answers.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// One run.
    Done { wall: u64, cpu: u64, allocations: u64, digest: u64 },
    /// The longest pauses of a heartbeat.
    Held { wall: u64, cpu: u64 },
    /// The library cannot say it.
    Absent,
}

/// A worker with a database of its own.
pub struct Worker {
    /// Who it is.
    pub subject: &'static Subject,
    fast: Process,
    counting: Option<Process>,
}

impl Worker {
    /// Starts both binaries, each on a fresh database.
    pub fn start(options: &Options, place: &Place, subject: &'static Subject, folder: &Path) -> Result<Worker> {
        let fast = Process::start(options, place, subject, folder, "", &[])?;
        let counting = Process::start(options, place, subject, folder, "-counting", &[])?;
        Ok(Worker { subject, fast, counting: Some(counting) })
    }

    /// Starts the fast binary alone, with one worker thread.
    pub fn start_alone(options: &Options, place: &Place, subject: &'static Subject, folder: &Path) -> Result<Worker> {
        let fast = Process::start(options, place, subject, folder, "", &["--workers", "1"])?;
        Ok(Worker { subject, fast, counting: None })
    }

    /// Whether the others are compared with this one.
    pub fn is_raw(&self) -> bool {
        self.subject.binary == "raw"
    }

    /// Runs a task at full speed.
    pub fn run(&mut self, task: Task, ops: u64) -> Result<Answer> {
        self.fast.ask(&format!("run {} {ops}", task.name()))
    }

    /// Runs a task under the counting allocator.
    pub fn count(&mut self, task: Task, ops: u64) -> Result<Answer> {
        match &mut self.counting {
            Some(process) => process.ask(&format!("run {} {ops}", task.name())),
            None => Ok(Answer::Absent),
        }
    }

    /// Runs a read beside a heartbeat.
    pub fn held(&mut self, task: Task, ops: u64) -> Result<Answer> {
        self.fast.ask(&format!("held {} {ops}", task.name()))
    }
}

struct Process {
    name: String,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(
        options: &Options,
        place: &Place,
        subject: &Subject,
        folder: &Path,
        kind: &str,
        more: &[&str],
    ) -> Result<Process> {
        let name = format!("bench-{}{kind}", subject.binary);
        let tables = folder.join("tables.sql");
        let url = seed(options, place, &name, &tables)?;
        let mut child = Command::new(find(options, &name)?)
            .args([place.engine.name(), &url])
            .arg("--tables")
            .arg(&tables)
            .args(subject.arguments)
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("a worker without pipes".into());
        };
        let mut process = Process { name, child, input, output: BufReader::new(output) };
        match process.line()?.as_str() {
            "ready" => Ok(process),
            other => Err(other.to_owned().into()),
        }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err(format!("{} ended", self.name).into());
        }
        Ok(line.trim_end().to_owned())
    }

    fn ask(&mut self, command: &str) -> Result<Answer> {
        writeln!(self.input, "{command}")?;
        let line = self.line()?;
        let mut words = line.split(' ');
        let verb = words.next();
        let numbers: Vec<u64> = words.map_while(|word| word.parse().ok()).collect();
        match (verb, numbers.as_slice()) {
            (Some("ok"), &[wall, cpu, allocations, digest]) => Ok(Answer::Done { wall, cpu, allocations, digest }),
            (Some("ok"), &[wall, cpu]) => Ok(Answer::Held { wall, cpu }),
            (Some("absent"), _) => Ok(Answer::Absent),
            _ => Err(format!("{} answers to `{command}`: {line}", self.name).into()),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has nothing to lose; the error would be that it ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn find(options: &Options, name: &str) -> Result<PathBuf> {
    let mut places = options.folders.iter().map(|folder| folder.join(name));
    places.find(|path| path.exists()).ok_or_else(|| format!("{name} is not built").into())
}

/// A database for one process; gives the URL that it is started with.
fn seed(options: &Options, place: &Place, worker: &str, tables: &Path) -> Result<String> {
    let name = match place.engine {
        Engine::SqliteFile => {
            let file = tables.with_file_name(format!("{worker}.db"));
            for end in ["", "-wal", "-shm"] {
                // Most of them do not exist.
                let _ = std::fs::remove_file(tables.with_file_name(format!("{worker}.db{end}")));
            }
            file.display().to_string()
        }
        _ => worker.replace('-', "_"),
    };
    let made = Command::new(find(options, "bench-seed")?)
        .args([place.engine.name(), &place.url, &name])
        .arg(tables)
        .output()?;
    said(made).map(|text| text.trim_end().to_owned())
}

/// Writes the statements that make the tables, which covet's worker knows.
pub fn tables(options: &Options, place: &Place, folder: &Path) -> Result<()> {
    let made = Command::new(find(options, "bench-tables")?).args([place.engine.name(), &place.url]).output()?;
    Ok(std::fs::write(folder.join("tables.sql"), said(made)?)?)
}

fn said(output: Output) -> Result<String> {
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into())
    }
}

//! Calls `ci/images` and `ci/servers`, which know how an engine is made.

use std::{fmt, path::PathBuf, process::Stdio};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

use crate::engine::Engine;

/// The exit code with which a script says that the Debian suite could not deliver.
const CANNOT_DELIVER: i32 = 75;

/// Why a script did not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The distribution does not have the packages today.
    NotDelivered(String),
    Failed(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::NotDelivered(reason) | Failure::Failed(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for Failure {}

/// Ends a script with all that it runs, when the wait for it is given up.
struct Group(Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        // A group that is gone already is no error: then the script has ended.
        if let Some(id) = self.0.and_then(|id| i32::try_from(id).ok()) {
            let _ = killpg(Pid::from_raw(id), Signal::SIGTERM);
        }
    }
}

/// The path of `ci/<name>`.
pub fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).with_file_name(name)
}

/// Runs `ci/<name> <engine>`, shows what it says, and keeps the last line as the reason.
pub async fn prepare(name: &str, engine: Engine) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Failed(format!("ci/{name}: {error}"));
    let mut child = Command::new(path(name))
        .arg(engine.name)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    let mut group = Group(child.id());
    let mut last = format!("ci/{name} {} failed", engine.name);
    if let Some(stderr) = child.stderr.take() {
        let mut lines = BufReader::new(stderr).lines();
        while let Some(line) = lines.next_line().await.map_err(failed)? {
            eprintln!("engines: {line}");
            last = line;
        }
    }
    let status = child.wait().await.map_err(failed)?;
    group.0 = None;
    let own_name = format!("{}: ", engine.name);
    let last = last.strip_prefix(&own_name).unwrap_or(&last).to_owned();
    match status.code() {
        Some(0) => Ok(()),
        Some(CANNOT_DELIVER) => Err(Failure::NotDelivered(last)),
        _ => Err(Failure::Failed(last)),
    }
}

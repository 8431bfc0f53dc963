//! Runs the command and passes signals on to it.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    io::{IsTerminal, stdin},
    os::unix::process::ExitStatusExt,
    process::ExitStatus,
    time::Duration,
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};
use tokio::{
    process::Command,
    signal::unix::{SignalKind, signal},
};

/// How long the command may go on after it was told to end.
const GRACE: Duration = Duration::from_secs(10);

/// What the command finds in its environment.
#[derive(Default)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }
}

/// Runs the command to its end and returns its exit code, as a shell would.
pub async fn run(command: &[OsString], variables: &Variables) -> Result<u8> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let (program, arguments) = command.split_first().context("no command")?;
    let mut prepared = Command::new(program);
    prepared.args(arguments).envs(&variables.0).kill_on_drop(true);
    // At a terminal the command stays in the foreground, where Ctrl-C reaches all of it. Elsewhere a
    // signal has only this program's name on it, and a group of its own lets it reach all of it too.
    let terminal = stdin().is_terminal();
    if !terminal {
        prepared.process_group(0);
    }
    let mut child = prepared.spawn().with_context(|| format!("`{}` cannot be run", program.to_string_lossy()))?;
    let id = Pid::from_raw(i32::try_from(child.id().context("the command is gone")?)?);
    let received = tokio::select! {
        status = child.wait() => return Ok(code(status?)),
        _ = interrupt.recv() => Signal::SIGINT,
        _ = terminate.recv() => Signal::SIGTERM,
        _ = hangup.recv() => Signal::SIGHUP,
    };
    let tell = |signal: Signal| {
        if terminal { kill(id, signal) } else { killpg(id, signal) }
    };
    if !(terminal && received == Signal::SIGINT) {
        let _ = tell(received);
    }
    let status = match tokio::time::timeout(GRACE, child.wait()).await {
        Ok(status) => status?,
        Err(_) => {
            let _ = tell(Signal::SIGKILL);
            child.wait().await?
        }
    };
    // What it left in its group was told to end as well, and has not.
    if !terminal {
        let _ = killpg(id, Signal::SIGKILL);
    }
    Ok(code(status).max(1))
}

/// A command that a signal ended has 128 and the signal's number, as in a shell.
fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}

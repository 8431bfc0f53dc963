//! The way without Docker: each engine is a process on a free loopback port, started by
//! `ci/servers --start` below the run's folder.

use std::{
    fs,
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};
use tokio::process::{Child, Command};

use crate::{
    certificates,
    engine::{Engine, Family},
    script,
};

/// The longest that a server may take to accept connections, on a loaded machine.
const START_LIMIT: Duration = Duration::from_secs(120);

/// Another process may take a free port before the server does.
const TRIES: usize = 3;

pub struct Server {
    pub port: u16,
    pub version: String,
    family: Family,
    child: Child,
}

pub async fn prepare(engine: Engine) -> Result<(), script::Failure> {
    script::prepare("servers", engine).await
}

pub async fn start(engine: Engine, run: &Path, certificates: &Path) -> Result<Server> {
    let mut failure = None;
    for attempt in 1..=TRIES {
        let folder = run.join(format!("{}-{attempt}", engine.name));
        match start_once(engine, &folder, certificates).await {
            Ok(server) => return Ok(server),
            Err(error) => failure = Some(error),
        }
    }
    Err(failure.context("the server was not started")?)
}

async fn start_once(engine: Engine, folder: &Path, certificates: &Path) -> Result<Server> {
    fs::create_dir(folder)?;
    let log_path = folder.join("log");
    let log = File::create(&log_path)?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    // The script becomes the server, so the child's id is the server's. It has a process group of
    // its own: Ctrl-C is for the tests first.
    let child = Command::new(script::path("servers"))
        .args(["--start", engine.name])
        .arg(folder)
        .arg(port.to_string())
        .env(certificates::VARIABLE, certificates)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .process_group(0)
        .spawn()
        .context("ci/servers cannot be run")?;
    let mut server = Server { port, version: String::new(), family: engine.family, child };
    server.version = server.wait_until_ready(engine, log_path).await?;
    Ok(server)
}

impl Server {
    async fn wait_until_ready(&mut self, engine: Engine, log: PathBuf) -> Result<String> {
        let started = Instant::now();
        loop {
            let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
            if text.contains(engine.ready_message()) {
                return Ok(engine.version_in(&text).unwrap_or_default());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}:\n{text}");
            }
            if started.elapsed() > START_LIMIT {
                bail!("the server accepts no connections after {START_LIMIT:?}:\n{text}");
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// The shell commands that stop the whole server and let it go on. PostgreSQL's has children;
    /// they stop after it, so that none is missed.
    pub fn pause(&self) -> Option<[String; 2]> {
        let id = self.id()?;
        let family = format!("{id} $(cat /proc/{id}/task/*/children)");
        Some([format!("kill -STOP {id} && kill -STOP {family}"), format!("kill -CONT {family}")])
    }

    /// Ends the server at once: its data is thrown away.
    pub async fn stop(mut self) -> Result<()> {
        // PostgreSQL's server has children, which it takes along when it is told to quit.
        if self.family == Family::Postgres {
            if let Some(id) = self.id() {
                kill(id, Signal::SIGQUIT)?;
            }
            if tokio::time::timeout(Duration::from_secs(10), self.child.wait()).await.is_ok() {
                return Ok(());
            }
        }
        self.child.kill().await.context("the server could not be stopped")
    }

    fn id(&self) -> Option<Pid> {
        self.child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw)
    }
}

/// A start that was given up ends with all that the script runs by then.
impl Drop for Server {
    fn drop(&mut self) {
        if let Some(id) = self.id() {
            let _ = killpg(id, Signal::SIGKILL);
        }
    }
}

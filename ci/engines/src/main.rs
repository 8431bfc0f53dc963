//! Brings database servers up, runs a command with their URLs, and stops them.
//!
//! ```text
//! engines [--containers|--processes] [--only pg15,mysql97] -- COMMAND ARGS..
//! ```
//!
//! The command finds `COVET_TEST_PG18_URL` and its brothers in its environment, and shell commands
//! that stop a server and let it go on, `COVET_TEST_PG18_FREEZE` and `COVET_TEST_PG18_THAW`. The
//! servers offer TLS under the name `localhost`; `COVET_TEST_TLS` is the folder with the authority.
//! A URL that is already set names a server that is used as it is. The exit code is the command's;
//! it is 125 when the command was not run, because an engine is missing.

mod certificates;
mod child;
mod containers;
mod engine;
mod options;
mod processes;
mod run_dir;
mod script;

use std::{
    env,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, bail};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::JoinSet,
};

use crate::{
    child::Variables,
    engine::Engine,
    options::{Options, Way},
    run_dir::RunDir,
};

/// The exit code for "the command was not run".
const NOT_RUN: u8 = 125;

enum Server {
    Container(Box<containers::Server>),
    Process(Box<processes::Server>),
}

/// What became of one engine.
enum Outcome {
    Up { engine: Engine, server: Server, took: Duration },
    Missing { engine: Engine, reason: String },
}

// One thread: the kernel ties a server's life to the thread that started it.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("engines: {error:#}");
            ExitCode::from(NOT_RUN)
        }
    }
}

async fn run() -> Result<u8> {
    let Some(options) = options::parse()? else {
        println!("{}", options::USAGE);
        return Ok(0);
    };
    let run_dir = RunDir::create()?;
    let mut servers = Vec::new();
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let up = tokio::select! {
        up = bring_up(&options, &run_dir, &mut servers) => up,
        _ = interrupt.recv() => Err(anyhow!("interrupted")),
        _ = terminate.recv() => Err(anyhow!("terminated")),
        _ = hangup.recv() => Err(anyhow!("the terminal is gone")),
    };
    let result = match up {
        Ok(variables) => child::run(&options.command, &variables).await,
        Err(error) => Err(error),
    };
    let containers =
        servers.iter().any(|server| matches!(server, Server::Container(_))) || options.way == Some(Way::Containers);
    stop(servers).await;
    if containers || options.way.is_none() {
        // One that was created but did not start has nobody else to remove it.
        run_dir::remove_containers(&run_dir.name());
    }
    result
}

/// Brings up what has no URL yet, all at once, and returns the child's variables.
async fn bring_up(options: &Options, run_dir: &RunDir, servers: &mut Vec<Server>) -> Result<Variables> {
    let mut variables = Variables::default();
    let mut wanted = Vec::new();
    for engine in &options.engines {
        match env::var(engine.variable()) {
            Ok(url) if !url.is_empty() => {
                eprintln!("engines: {} is given by {}", engine.name, engine.variable())
            }
            _ => wanted.push(*engine),
        }
    }
    if wanted.is_empty() {
        variables.set("COVET_TEST_WAY", "given");
        return Ok(variables);
    }
    let docker = options.way != Some(Way::Processes) && containers::docker_answers().await;
    run_dir::remove_stale(docker);
    let way = match options.way {
        Some(Way::Containers) if !docker => bail!("--containers: no Docker daemon answers"),
        Some(way) => way,
        None if docker => Way::Containers,
        None => Way::Processes,
    };
    eprintln!("engines: bringing up {} engines as {way}", wanted.len());
    variables.set("COVET_TEST_WAY", way.to_string());

    let certificates = certificates::make(run_dir.path())?;
    variables.set(certificates::VARIABLE, certificates.display().to_string());
    let mut tasks = JoinSet::new();
    for engine in wanted {
        let (run, folder, certificates) = (run_dir.name(), run_dir.path().to_owned(), certificates.clone());
        tasks.spawn(async move {
            let prepared = match way {
                Way::Containers => containers::prepare(engine).await,
                Way::Processes => processes::prepare(engine).await,
            };
            match prepared {
                Ok(()) => {}
                Err(script::Failure::NotDelivered(reason)) if engine.may_be_missing => {
                    return Ok(Outcome::Missing { engine, reason });
                }
                Err(failure) => return Err(anyhow!("{}: {failure}", engine.name)),
            }
            let begun = Instant::now();
            let server = match way {
                Way::Containers => {
                    let server = containers::start(engine, &run, &certificates).await;
                    server.map(|server| Server::Container(Box::new(server)))
                }
                Way::Processes => {
                    let server = processes::start(engine, &folder, &certificates).await;
                    server.map(|server| Server::Process(Box::new(server)))
                }
            };
            match server {
                Ok(server) => Ok(Outcome::Up { engine, server, took: begun.elapsed() }),
                Err(error) => Err(anyhow!("{} did not start: {error:#}", engine.name)),
            }
        });
    }
    let mut failures = Vec::new();
    while let Some(outcome) = tasks.join_next().await {
        match outcome? {
            Ok(Outcome::Up { engine, server, took }) => {
                let (port, version) = server.address();
                eprintln!(
                    "engines: {} is {version} on port {port}, started in {:.1} s",
                    engine.name,
                    took.as_secs_f32()
                );
                variables.set(engine.variable(), engine.url(port));
                if let Some([freeze, thaw]) = server.pause() {
                    variables.set(engine.variable_of("FREEZE"), freeze);
                    variables.set(engine.variable_of("THAW"), thaw);
                }
                servers.push(server);
            }
            Ok(Outcome::Missing { engine, reason }) => {
                let missing = format!("{}: {reason}", engine.name);
                eprintln!("engines: COVET_TEST_MISSING=\"{missing}\"");
                variables.set("COVET_TEST_MISSING", missing);
            }
            Err(error) => failures.push(format!("{error:#}")),
        }
    }
    if failures.is_empty() { Ok(variables) } else { bail!("{}", failures.join("\n")) }
}

async fn stop(servers: Vec<Server>) {
    let mut stops = JoinSet::new();
    for server in servers {
        stops.spawn(async move {
            match server {
                Server::Container(server) => server.stop().await,
                Server::Process(server) => server.stop().await,
            }
        });
    }
    while let Some(stopped) = stops.join_next().await {
        if let Ok(Err(error)) = stopped {
            eprintln!("engines: {error:#}");
        }
    }
}

impl Server {
    fn pause(&self) -> Option<[String; 2]> {
        match self {
            Server::Container(server) => Some(server.pause()),
            Server::Process(server) => server.pause(),
        }
    }

    fn address(&self) -> (u16, &str) {
        match self {
            Server::Container(server) => (server.port, &server.version),
            Server::Process(server) => (server.port, &server.version),
        }
    }
}

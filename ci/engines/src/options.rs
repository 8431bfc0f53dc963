//! The command line.

use std::{ffi::OsString, fmt};

use anyhow::{Result, anyhow, bail};
use lexopt::prelude::*;

use crate::engine::{ENGINES, Engine};

pub const USAGE: &str = "\
usage: engines [--containers|--processes] [--only NAME,..|--matrix] -- COMMAND ARGS..

Brings database servers up, runs COMMAND with COVET_TEST_<NAME>_URL set, stops the servers.

  --containers   as Docker containers (the default when a Docker daemon answers)
  --processes    as processes on loopback ports (the default when none does)
  --only         these engines: pg15 pg17 pg18 mysql97 mariadb105 mariadb1011 mariadb118
  --matrix       all of them; without it, those of every push: all but pg17 and mariadb105";

/// How engines come up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Containers,
    Processes,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Way::Containers => "containers",
            Way::Processes => "processes",
        })
    }
}

pub struct Options {
    pub way: Option<Way>,
    pub engines: Vec<Engine>,
    pub command: Vec<OsString>,
}

/// Reads the arguments; `None` stands for a request for help.
pub fn parse() -> Result<Option<Options>> {
    let mut options = Options {
        way: None,
        engines: ENGINES.into_iter().filter(|engine| engine.every_push).collect(),
        command: Vec::new(),
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("containers") => options.way = Some(Way::Containers),
            Long("processes") => options.way = Some(Way::Processes),
            Long("matrix") => options.engines = ENGINES.to_vec(),
            Long("only") => options.engines = by_names(&parser.value()?.string()?)?,
            Short('h') | Long("help") => return Ok(None),
            Value(program) => {
                options.command.push(program);
                options.command.extend(parser.raw_args()?);
            }
            Short(_) | Long(_) => return Err(argument.unexpected().into()),
        }
    }
    if options.command.is_empty() {
        bail!("no command\n{USAGE}");
    }
    Ok(Some(options))
}

fn by_names(names: &str) -> Result<Vec<Engine>> {
    names
        .split(',')
        .map(|name| Engine::by_name(name).ok_or_else(|| anyhow!("no engine is called `{name}`\n{USAGE}")))
        .collect()
}

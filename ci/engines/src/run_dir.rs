//! The run's own folder: data directories, logs, and the lock by which a later run knows that this
//! one is over.
//!
//! A run that was killed outright cannot clean up. Its processes die with it (the kernel sees to
//! that); its containers and its folder are removed by the next run, which finds the lock free.

use std::{fs, fs::File, os::unix::fs::PermissionsExt, path::Path, process::Command, thread, time::Duration};

use anyhow::{Context, Result};
use tempfile::TempDir;

const PREFIX: &str = "covet-engines-";

/// How often the folder's removal is tried.
const REMOVALS: usize = 100;

/// The label that ties a container to its run.
pub const LABEL: &str = "covet-test.run";

/// The folder of this run, removed when dropped.
pub struct RunDir {
    dir: TempDir,
    _lock: File,
}

/// A server that was just killed may still be writing, which fails a removal.
impl Drop for RunDir {
    fn drop(&mut self) {
        for _ in 0..REMOVALS {
            if fs::remove_dir_all(self.dir.path()).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl RunDir {
    pub fn create() -> Result<RunDir> {
        let dir = tempfile::Builder::new().prefix(PREFIX).tempdir().context("no run folder")?;
        // The servers run as another user, who has to get to their folders below.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755))?;
        let lock = File::create(dir.path().join("lock"))?;
        lock.lock()?;
        Ok(RunDir { dir, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The name that containers of this run are labelled with.
    pub fn name(&self) -> String {
        name_of(self.dir.path())
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Removes what killed runs of the same user left behind.
pub fn remove_stale(with_docker: bool) {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let path = entry.path();
        if !name_of(&path).starts_with(PREFIX) {
            continue;
        }
        let over = File::options().write(true).open(path.join("lock")).is_ok_and(|lock| lock.try_lock().is_ok());
        if over {
            eprintln!("engines: removing what a killed run left in {}", path.display());
            if with_docker {
                remove_containers(&name_of(&path));
            }
            let _ = fs::remove_dir_all(&path);
        }
    }
}

/// Removes every container of a run, started or not.
pub fn remove_containers(run: &str) {
    let filter = format!("label={LABEL}={run}");
    let listed = Command::new("docker").args(["ps", "--all", "--quiet", "--filter", &filter]).output();
    let Ok(listed) = listed else { return };
    let ids = String::from_utf8_lossy(&listed.stdout).into_owned();
    if ids.trim().is_empty() {
        return;
    }
    let _ = Command::new("docker").args(["rm", "--force", "--volumes"]).args(ids.split_whitespace()).output();
}

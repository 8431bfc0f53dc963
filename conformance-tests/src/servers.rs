//! The servers of a test run, beyond their URLs: their certificates, and a way to stop them.
//!
//! `ci/engines` says what this reads: `COVET_TEST_<NAME>_URL`, `COVET_TEST_<NAME>_FREEZE` and
//! `COVET_TEST_<NAME>_THAW` (shell commands), `COVET_TEST_TLS` (a folder). A server that somebody
//! else started has its URL only.

use std::{env, path::PathBuf, process::Command};

/// A server of the run.
pub struct Server {
    name: String,
    /// Its URL, with `127.0.0.1` as the host.
    pub url: String,
}

/// The servers whose names begin with one of `families`: `PG`, `MYSQL`, `MARIADB`.
pub fn servers(families: &[&str]) -> Vec<Server> {
    let name = |variable: String| Some(variable.strip_prefix("COVET_TEST_")?.strip_suffix("_URL")?.to_owned());
    let all = env::vars().filter_map(|(variable, url)| Some(Server { name: name(variable)?, url }));
    let found: Vec<Server> =
        all.filter(|server| families.iter().any(|family| server.name.starts_with(family))).collect();
    assert!(!(found.is_empty() && is_required()), "there is no server of {families:?}");
    found
}

fn is_required() -> bool {
    env::var("COVET_TEST_REQUIRE").is_ok_and(|value| value == "1")
}

/// Whether the run's servers are its own, so that nothing may be missing.
fn is_own() -> bool {
    is_required() && env::var("COVET_TEST_WAY").is_ok_and(|way| way != "given")
}

/// A file of the certificates: `ca.pem`, `other-ca.pem`, `client.pem`, `client.key`. The servers show
/// one of `ca.pem` for `localhost`. Nothing when the servers are somebody else's.
pub fn certificate(file: &str) -> Option<String> {
    let folder = env::var("COVET_TEST_TLS").ok();
    assert!(!(folder.is_none() && is_own()), "`COVET_TEST_TLS` is not set");
    Some(PathBuf::from(folder?).join(file).to_str()?.to_owned())
}

impl Server {
    /// The URL with another host and with parameters.
    pub fn at(&self, host: &str, parameters: &str) -> String {
        format!("{}?{parameters}", self.url.replacen("127.0.0.1", host, 1))
    }

    /// The URL with another port and with parameters.
    pub fn by(&self, port: u16, parameters: &str) -> String {
        let own = self.address();
        format!("{}?{parameters}", self.url.replacen(&own, &format!("127.0.0.1:{port}"), 1))
    }

    /// Host and port.
    pub fn address(&self) -> String {
        let rest = self.url.rsplit('@').next().unwrap();
        rest.split('/').next().unwrap().to_owned()
    }

    /// Stops the whole server until the result is dropped. Nothing when it is somebody else's.
    pub fn freeze(&self) -> Option<Frozen> {
        let command = |what: &str| env::var(format!("COVET_TEST_{}_{what}", self.name)).ok();
        let (freeze, thaw) = (command("FREEZE"), command("THAW"));
        assert!(!(freeze.is_none() && is_own()), "`COVET_TEST_{}_FREEZE` is not set", self.name);
        let frozen = Frozen(thaw?);
        assert!(shell(&freeze?), "{} was not frozen", self.name);
        Some(frozen)
    }
}

fn shell(command: &str) -> bool {
    Command::new("sh").args(["-c", command]).status().is_ok_and(|status| status.success())
}

/// A server that stands still.
pub struct Frozen(String);

impl Drop for Frozen {
    fn drop(&mut self) {
        let thawed = shell(&self.0);
        assert!(thawed || std::thread::panicking(), "the server was not thawed");
    }
}

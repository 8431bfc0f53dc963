//! The way with Docker: one container an engine, of the images that `ci/images` builds.

use std::{collections::HashMap, path::Path, process::Stdio, time::Duration};

use anyhow::{Context, Result, anyhow};
use testcontainers::{
    ContainerAsync, CopyTargetOptions, GenericImage, ImageExt,
    bollard::models::PortBinding,
    core::{IntoContainerPort, WaitFor},
    runners::AsyncRunner,
};
use tokio::process::Command;

use crate::{engine::Engine, run_dir::LABEL, script};

/// The longest that a server may take to accept connections, on a loaded machine.
const START_LIMIT: Duration = Duration::from_secs(120);

/// What a server shows; where it is put, which belongs to root, and where the server makes it its
/// own: PostgreSQL takes no key that others can read.
const FILES: [&str; 3] = ["ca.pem", "server.pem", "server.key"];
const GIVEN: &str = "/given";
const OWNED: &str = "/tmp/tls";

pub struct Server {
    pub port: u16,
    pub version: String,
    container: ContainerAsync<GenericImage>,
}

/// Whether a Docker daemon answers.
pub async fn docker_answers() -> bool {
    let asked = Command::new("docker")
        .args(["version", "--format", "{{.Server.Version}}"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .status();
    tokio::time::timeout(Duration::from_secs(20), asked)
        .await
        .is_ok_and(|status| status.is_ok_and(|status| status.success()))
}

pub async fn prepare(engine: Engine) -> Result<(), script::Failure> {
    script::prepare("images", engine).await
}

/// Where a file is put, for the server's user to read.
fn readable(file: &str) -> CopyTargetOptions {
    CopyTargetOptions::new(format!("{GIVEN}/{file}")).with_mode(0o644)
}

/// The command of an image, to which options are added.
async fn command_of(image: &str) -> Result<Vec<String>> {
    let format = "{{range .Config.Cmd}}{{println .}}{{end}}";
    let asked = Command::new("docker").args(["image", "inspect", "--format", format, image]).output().await?;
    let words: Vec<String> = String::from_utf8_lossy(&asked.stdout).lines().map(str::to_owned).collect();
    Ok(words.into_iter().filter(|word| !word.is_empty()).collect())
}

pub async fn start(engine: Engine, run: &str, certificates: &Path) -> Result<Server> {
    let mut command = command_of(&format!("{}:{}", engine.image(), engine.tag)).await?;
    command.extend(engine.tls_options(OWNED));
    let image = GenericImage::new(engine.image(), engine.tag.to_owned())
        .with_entrypoint("/bin/sh")
        .with_exposed_port(engine.port().tcp())
        .with_wait_for(WaitFor::message_on_stderr(engine.ready_message()));
    let inside = format!("{}/tcp", engine.port());
    let mut request = image
        .with_startup_timeout(START_LIMIT)
        .with_shm_size(256 << 20)
        .with_label(LABEL, run)
        // The password is public: nobody but this machine may connect.
        .with_host_config_modifier(move |host| {
            let loopback = PortBinding { host_ip: Some("127.0.0.1".to_owned()), host_port: Some(String::new()) };
            host.publish_all_ports = Some(false);
            host.port_bindings = Some(HashMap::from([(inside.clone(), Some(vec![loopback]))]));
        });
    let own = format!(
        "umask 077; mkdir {OWNED}; for file in {}; do cat {GIVEN}/$file >{OWNED}/$file || exit; done; \
         exec entrypoint \"$@\"",
        FILES.join(" ")
    );
    request = request.with_cmd(["-c".to_owned(), own, "sh".to_owned()].into_iter().chain(command));
    for file in FILES {
        request = request.with_copy_to(readable(file), certificates.join(file));
    }
    for (name, value) in engine.image_variables() {
        request = request.with_env_var(name, value);
    }
    // The causes repeat each other; the outermost has the server's log in it.
    let container = request.start().await.map_err(|error| anyhow!("no container: {error}"))?;
    let log = container.stderr_to_vec().await.context("the container's log cannot be read")?;
    let version = engine.version_in(&String::from_utf8_lossy(&log)).unwrap_or_default();
    let port = container.get_host_port_ipv4(engine.port().tcp()).await?;
    Ok(Server { port, version, container })
}

impl Server {
    /// The shell commands that stop the whole server and let it go on.
    pub fn pause(&self) -> [String; 2] {
        ["pause", "unpause"].map(|what| format!("docker {what} {}", self.container.id()))
    }

    pub async fn stop(self) -> Result<()> {
        self.container.rm().await.context("the container could not be removed")
    }
}

//! From the settings of the URL to the driver's options.

use crate::url::Target;
use covet_core::error::{Error, ErrorKind, Result};
use covet_tls::Mode;
use mysql_async::{Conn, DriverError, Error as Failure, Opts};

/// Connects as the settings say, and gives the options with which another connection is made.
pub async fn connect(target: &Target) -> Result<(Conn, Opts)> {
    let explain = |failure| crate::error::of_connect(failure, target);
    if target.tls.mode == Mode::Disable {
        allowed(target)?;
        let conn = Conn::new(target.opts.clone()).await.map_err(explain)?;
        return Ok((conn, target.opts.clone()));
    }
    let encrypted = encrypted(target).await?;
    match Conn::new(encrypted.clone()).await {
        Err(Failure::Driver(DriverError::NoClientSslFlagFromServer)) if target.tls.mode == Mode::Prefer => {
            allowed(target)?;
            let conn = Conn::new(target.opts.clone()).await.map_err(explain)?;
            Ok((conn, target.opts.clone()))
        }
        result => result.map(|conn| (conn, encrypted)).map_err(explain),
    }
}

/// In plain text the driver encrypts a password for whatever key it is shown (the method
/// caching_sha2_password), so anybody between here and the server can have it.
fn allowed(target: &Target) -> Result<()> {
    if target.local || target.takes_any_key || target.opts.pass().is_none_or(str::is_empty) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Configuration,
        format!("without TLS the password for {} can be read by anybody on the way", target.address),
    )
    .hint(format!(
        "write `{}`, or `ssl-mode=REQUIRED` if the certificate cannot be verified; over a network that nobody else \
         reads add `get-server-public-key=true`",
        target.tls.full()
    )))
}

#[cfg(not(feature = "tls"))]
#[allow(clippy::unused_async)]
async fn encrypted(target: &Target) -> Result<Opts> {
    Err(covet_tls::without_tls(&target.address, &target.tls))
}

#[cfg(feature = "tls")]
async fn encrypted(target: &Target) -> Result<Opts> {
    use covet_tls::rustls::crypto::CryptoProvider;
    use mysql_async::{ClientIdentity, OptsBuilder, SslOpts};

    // The driver asks the process for its provider, and panics when two are compiled in and none
    // was chosen.
    if CryptoProvider::get_default().is_none() {
        let _ = CryptoProvider::clone(&covet_tls::provider()).install_default();
    }
    let verifies = target.tls.mode.verifies();
    let roots = target.tls.material().await?.roots;
    let identity = target.tls.identity.clone();
    let tls = SslOpts::default()
        .with_disable_built_in_roots(verifies)
        .with_root_certs(roots.into_iter().map(|root| root.to_vec().into()).collect())
        .with_danger_accept_invalid_certs(!verifies)
        .with_client_identity(identity.map(|(chain, key)| ClientIdentity::new(chain.into(), key.into())));
    Ok(OptsBuilder::from_opts(target.opts.clone()).ssl_opts(tls).into())
}

//! From settings to what rustls needs.

use crate::{Mode, Settings, trust, verifier::Lenient};
use covet_core::error::{Error, ErrorKind, Result};
use rustls::{
    ClientConfig, RootCertStore,
    client::WebPkiServerVerifier,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer},
};
use std::sync::{Arc, Once};

/// The process's provider of cryptography, *ring* when none was chosen.
pub fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()))
}

/// What the files of the settings hold, checked.
pub struct Material {
    /// The trusted authorities; empty when the certificate is not looked at.
    pub roots: Vec<CertificateDer<'static>>,
    /// The client's certificate with those above it, and its key.
    pub(crate) identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
}

impl Settings {
    /// Reads the files, on a thread that may block.
    ///
    /// # Errors
    /// When a file cannot be read, is none of the kind, or the system has no authorities.
    pub async fn material(&self) -> Result<Material> {
        let settings = self.clone();
        warn_once(settings.mode);
        let read = tokio::task::spawn_blocking(move || {
            let roots = if settings.mode.verifies() { trust::roots(&settings)? } else { Vec::new() };
            let identity = trust::identity(&settings)?;
            if let Some((chain, key)) = &identity {
                usable(&settings, chain.clone(), key.clone_key())?;
            }
            Ok(Material { roots, identity })
        });
        read.await.unwrap_or_else(|_| Err(Error::new(ErrorKind::Connection, "the runtime is shutting down")))
    }

    /// What rustls needs for a connection. `protocols` are offered by ALPN.
    ///
    /// # Errors
    /// As [`material`](Self::material).
    pub async fn client_config(&self, protocols: &[&[u8]]) -> Result<ClientConfig> {
        let Material { roots, identity } = self.material().await?;
        let provider = provider();
        let algorithms = provider.signature_verification_algorithms;
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(unexpected)?;
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots);
        let builder = match self.mode {
            Mode::VerifyFull => builder.with_root_certificates(store),
            Mode::VerifyCa | Mode::Require | Mode::Prefer | Mode::Disable => {
                let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider);
                let chain = (self.mode == Mode::VerifyCa).then(|| chain.build()).transpose();
                let chain = chain.map_err(|error| unexpected(rustls::Error::General(error.to_string())))?;
                builder.dangerous().with_custom_certificate_verifier(Arc::new(Lenient { chain, algorithms }))
            }
        };
        let mut config = match identity {
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(unexpected)?,
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Ok(config)
    }
}

/// Refuses a certificate and a key that do not belong together.
fn usable(settings: &Settings, chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<()> {
    let names = settings.names;
    rustls::sign::CertifiedKey::from_der(chain, key, &provider()).map(drop).map_err(|error| {
        Error::new(
            ErrorKind::Configuration,
            format!(
                "the key of `{}` and the certificate of `{}` cannot be used together",
                names.key, names.certificate
            ),
        )
        .hint("name a certificate and its own key")
        .with_source(error)
    })
}

#[cold]
fn unexpected(error: rustls::Error) -> Error {
    Error::new(ErrorKind::Connection, "no encrypted connection can be prepared").with_source(error)
}

fn warn_once(mode: Mode) {
    static WARNED: Once = Once::new();
    if matches!(mode, Mode::Prefer | Mode::Require) {
        WARNED.call_once(|| {
            tracing::warn!(
                target: "covet",
                "the URL asks for TLS without a look at the server's certificate: somebody between here and the \
                 server can pose as it"
            );
        });
    }
}

//! The certificates in files and in the operating system.

use crate::Settings;
use covet_core::error::{Error, ErrorKind, Result};
use rustls::{
    RootCertStore,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject},
    },
};
use std::{path::Path, sync::OnceLock};

/// The operating system's authorities, read once: they are some hundred files.
static SYSTEM: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();

fn is_authority(certificate: &CertificateDer<'static>) -> bool {
    RootCertStore::empty().add(certificate.clone()).is_ok()
}

/// The authorities that are trusted; never none.
pub fn roots(settings: &Settings) -> Result<Vec<CertificateDer<'static>>> {
    let name = settings.names.roots;
    match &settings.roots {
        Some(path) => {
            let certificates = certificates(path, name)?;
            if certificates.iter().all(is_authority) { Ok(certificates) } else { Err(unreadable(name, "is damaged")) }
        }
        None => system(name),
    }
}

fn system(name: &str) -> Result<Vec<CertificateDer<'static>>> {
    if let Some(certificates) = SYSTEM.get() {
        return Ok(certificates.clone());
    }
    let mut certificates = rustls_native_certs::load_native_certs().certs;
    // Old authorities have certificates of forms that nobody writes any more.
    certificates.retain(is_authority);
    if certificates.is_empty() {
        return Err(Error::new(
            ErrorKind::Configuration,
            "this system has no certificate authorities to verify the server with",
        )
        .hint(format!("install the package `ca-certificates`, or name the server's authority with `{name}`")));
    }
    Ok(SYSTEM.get_or_init(|| certificates).clone())
}

/// The client's certificate and its key.
pub fn identity(settings: &Settings) -> Result<Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>> {
    let Some((certificate, key)) = &settings.identity else { return Ok(None) };
    let chain = certificates(certificate, settings.names.certificate)?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| refused(settings.names.key, &error))?;
    Ok(Some((chain, key)))
}

fn certificates(path: &Path, name: &str) -> Result<Vec<CertificateDer<'static>>> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = read.map_err(|error| refused(name, &error))?;
    if certificates.is_empty() { Err(refused(name, &pem::Error::NoItemsFound)) } else { Ok(certificates) }
}

#[cold]
#[allow(clippy::wildcard_enum_match_arm, reason = "the parser's errors become more")]
fn refused(name: &str, error: &pem::Error) -> Error {
    match error {
        pem::Error::Io(error) => unreadable(name, &format!("cannot be read ({})", error.kind())),
        pem::Error::NoItemsFound => unreadable(name, "holds nothing of the kind"),
        _ => unreadable(name, "is damaged"),
    }
}

/// Without the path, which is a piece of the URL.
#[cold]
fn unreadable(name: &str, what: &str) -> Error {
    Error::new(ErrorKind::Configuration, format!("the file that `{name}` names {what}"))
        .hint("name a PEM file that this process may read; keys must not be encrypted")
}

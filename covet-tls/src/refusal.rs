//! Why a handshake failed, and what to do.

use crate::Settings;
use covet_core::error::{Error, ErrorKind};
use rustls::{AlertDescription, CertificateError, Error as Tls};
use std::io;

/// The error of rustls in one of the socket.
pub fn cause(error: &io::Error) -> Option<&Tls> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

/// Says what is wrong and what to do; `address` is the server's.
#[cold]
#[allow(clippy::wildcard_enum_match_arm, reason = "rustls's errors become more")]
pub fn refusal(tls: &Tls, address: &str, settings: &Settings) -> Error {
    let names = settings.names;
    let error = |message: String| Error::new(ErrorKind::Connection, message);
    let certificate = format!("the certificate of the server at {address}");
    let found = match tls {
        Tls::InvalidCertificate(why) => match why {
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                error(format!("{certificate} was not issued by a trusted authority"))
                    .hint(format!("name the authority's certificate with `{}` in the URL", names.roots))
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                error(format!("{certificate} has expired")).hint("renew it; and see that this machine's clock is right")
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                error(format!("{certificate} is not valid yet"))
                    .hint("see that the clocks of this machine and of the authority are right")
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                error(format!("{certificate} is for another name{}", presented(why)))
                    .hint("write the name of the certificate as the host in the URL, or issue one for this host")
            }
            CertificateError::Revoked => {
                error(format!("{certificate} has been revoked")).hint("install a new one at the server")
            }
            _ => error(format!("{certificate} was refused: {why}"))
                .hint("issue one of X.509 version 3 for the server's name, signed by an authority"),
        },
        Tls::NoCertificatesPresented => {
            error(format!("the server at {address} shows no certificate")).hint("give it one")
        }
        Tls::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied,
        ) => error(format!("the server at {address} refused the client's certificate, or wants one ({tls})"))
            .hint(format!("name one that it accepts with `{}` and `{}` in the URL", names.certificate, names.key)),
        Tls::AlertReceived(AlertDescription::ProtocolVersion) | Tls::PeerIncompatible(_) => {
            error(format!("the server at {address} shares no version or cipher of TLS with covet"))
                .hint("allow TLS 1.2 or 1.3 at the server")
        }
        Tls::AlertReceived(_) => {
            error(format!("the server at {address} refused the TLS handshake: {tls}")).hint("its log says why")
        }
        Tls::InvalidMessage(_) => error(format!("the server at {address} answers something that is not TLS"))
            .hint("check the host and the port in the URL"),
        _ => error(format!("the TLS handshake with the server at {address} failed: {tls}"))
            .hint("the server's log may say more"),
    };
    found.with_source(tls.clone())
}

/// The first names of a certificate, which are the server's words.
fn presented(why: &CertificateError) -> String {
    let CertificateError::NotValidForNameContext { presented, .. } = why else { return String::new() };
    let names: Vec<String> = presented.iter().take(3).map(|name| name.escape_debug().to_string()).collect();
    if names.is_empty() { " (it has none)".to_owned() } else { format!(" ({})", names.join(", ")) }
}

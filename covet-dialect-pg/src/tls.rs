//! rustls for the driver. Without the feature `tls` the driver's own "none" stands in its place.

#[cfg(feature = "tls")]
pub use encrypted::{Connector, Stream};
#[cfg(not(feature = "tls"))]
pub use plain::{Connector, Stream};

#[cfg(not(feature = "tls"))]
mod plain {
    use crate::url::Target;
    use covet_core::error::Result;
    use tokio_postgres::NoTls;

    /// Encrypts nothing.
    #[derive(Clone)]
    pub struct Connector;

    /// An encrypted stream, of which there is none.
    pub type Stream<S> = <NoTls as tokio_postgres::tls::TlsConnect<S>>::Stream;

    impl Connector {
        #[allow(clippy::unused_async)]
        pub async fn new(_target: &Target) -> Result<Connector> {
            Ok(Connector)
        }

        pub fn make(&self) -> NoTls {
            NoTls
        }

        pub fn handshake(&self, _host: &str) -> NoTls {
            NoTls
        }
    }
}

#[cfg(feature = "tls")]
mod encrypted {
    use crate::{
        error,
        url::{Target, address},
    };
    use covet_core::error::{Error, ErrorKind, Result};
    use covet_tls::{
        Mode, Settings,
        rustls::{ClientConfig, pki_types::ServerName},
    };
    use sha2::{Digest, Sha256, Sha384, Sha512};
    use std::{
        convert::Infallible,
        future::Future,
        io,
        pin::Pin,
        sync::Arc,
        task::{Context, Poll},
    };
    use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
    use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
    use tokio_rustls::{Connect, TlsConnector, client};

    /// What encrypts the connections to one server.
    #[derive(Clone)]
    pub struct Connector(Arc<Inner>);

    struct Inner {
        /// `None` for plain text.
        config: Option<Arc<ClientConfig>>,
        address: String,
        settings: Settings,
    }

    impl Connector {
        pub async fn new(target: &Target) -> Result<Connector> {
            let settings = target.tls.clone();
            let config = match settings.mode {
                Mode::Disable => None,
                Mode::Prefer | Mode::Require | Mode::VerifyCa | Mode::VerifyFull => {
                    Some(Arc::new(settings.client_config(&[b"postgresql"]).await?))
                }
            };
            Ok(Connector(Arc::new(Inner { config, address: address(&target.config), settings })))
        }

        pub fn make(&self) -> Connector {
            self.clone()
        }

        pub fn handshake(&self, host: &str) -> Start {
            Start { inner: Arc::clone(&self.0), host: host.to_owned() }
        }
    }

    impl<S: AsyncRead + AsyncWrite + Unpin> MakeTlsConnect<S> for Connector {
        type Stream = Stream<S>;
        type TlsConnect = Start;
        type Error = Infallible;

        fn make_tls_connect(&mut self, host: &str) -> Result<Start, Infallible> {
            Ok(self.handshake(host))
        }
    }

    /// A handshake that has not begun.
    pub struct Start {
        inner: Arc<Inner>,
        host: String,
    }

    impl Start {
        fn begin<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> Result<Box<Connect<S>>> {
            let config = self.inner.config.clone().ok_or_else(unprepared)?;
            let host = ServerName::try_from(self.host.clone()).map_err(|_| nameless())?;
            Ok(Box::new(TlsConnector::from(config).connect(host, stream)))
        }
    }

    impl<S: AsyncRead + AsyncWrite + Unpin> TlsConnect<S> for Start {
        type Stream = Stream<S>;
        type Error = Error;
        type Future = Handshake<S>;

        fn connect(self, stream: S) -> Handshake<S> {
            Handshake { under_way: self.begin(stream).map_err(Some), inner: self.inner }
        }
    }

    #[cold]
    fn unprepared() -> Error {
        Error::new(ErrorKind::Connection, "the connection was not prepared for TLS")
    }

    #[cold]
    fn nameless() -> Error {
        Error::new(ErrorKind::Configuration, "the host in the URL is no name that a certificate can have")
            .hint("write a host name of letters, digits, `-` and `.`, or an address")
    }

    /// A handshake under way.
    pub struct Handshake<S> {
        under_way: Result<Box<Connect<S>>, Option<Error>>,
        inner: Arc<Inner>,
    }

    impl<S: AsyncRead + AsyncWrite + Unpin> Future for Handshake<S> {
        type Output = Result<Stream<S>>;

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
            let result = match &mut self.under_way {
                Ok(connect) => std::task::ready!(Pin::new(connect.as_mut()).poll(context)),
                Err(error) => return Poll::Ready(Err(error.take().unwrap_or_else(unprepared))),
            };
            Poll::Ready(
                result.map(Stream).map_err(|io| error::handshake(io, &self.inner.address, &self.inner.settings)),
            )
        }
    }

    /// An encrypted stream.
    pub struct Stream<S>(client::TlsStream<S>);

    impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
        fn poll_read(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_read(context, buffer)
        }
    }

    impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
        fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            Pin::new(&mut self.0).poll_write(context, bytes)
        }

        fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_flush(context)
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_shutdown(context)
        }
    }

    /// SCRAM binds to the certificate, so that nobody can pass it on to the server over a
    /// connection of their own.
    impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Stream<S> {
        fn channel_binding(&self) -> ChannelBinding {
            let certificate = self.0.get_ref().1.peer_certificates().and_then(<[_]>::first);
            certificate
                .and_then(|certificate| end_point(certificate))
                .map_or_else(ChannelBinding::none, ChannelBinding::tls_server_end_point)
        }
    }

    /// The hash of a certificate by RFC 5929: that of its signature, and SHA-256 for older ones.
    /// Nothing for signatures without a hash of their own, for which PostgreSQL has no binding.
    fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
        const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
        const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04];
        // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OID, .. }, .. }
        let (fields, _) = element(certificate)?;
        let (_, rest) = element(fields)?;
        let (algorithm, _) = element(rest)?;
        let (name, _) = element(algorithm)?;
        let hash = match (name.strip_prefix(RSA), name.strip_prefix(ECDSA)) {
            (Some([4 | 5 | 11]), _) | (_, Some([1] | [3, 2])) => Sha256::digest(certificate).to_vec(),
            (Some([12]), _) | (_, Some([3, 3])) => Sha384::digest(certificate).to_vec(),
            (Some([13]), _) | (_, Some([3, 4])) => Sha512::digest(certificate).to_vec(),
            _ => return None,
        };
        Some(hash)
    }

    /// The content of the first DER element, and what follows it.
    fn element(der: &[u8]) -> Option<(&[u8], &[u8])> {
        let (_tag, rest) = der.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().try_fold(0_usize, |n, byte| n.checked_mul(256)?.checked_add(usize::from(*byte)))?, rest)
        };
        rest.split_at_checked(length)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn certificate(algorithm: &'static rcgen::SignatureAlgorithm) -> Vec<u8> {
            let key = rcgen::KeyPair::generate_for(algorithm).unwrap();
            let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
            params.self_signed(&key).unwrap().der().to_vec()
        }

        #[test]
        fn the_binding_is_the_hash_of_the_certificate() {
            let der = certificate(&rcgen::PKCS_ECDSA_P256_SHA256);
            assert_eq!(end_point(&der).unwrap(), Sha256::digest(&der).to_vec());
            let der = certificate(&rcgen::PKCS_ECDSA_P384_SHA384);
            assert_eq!(end_point(&der).unwrap(), Sha384::digest(&der).to_vec());
            assert_eq!(end_point(&certificate(&rcgen::PKCS_ED25519)), None);
        }

        #[test]
        fn what_is_no_certificate_has_no_binding() {
            let der = certificate(&rcgen::PKCS_ECDSA_P256_SHA256);
            for length in 0..der.len().min(300) {
                // The signature's name stands behind the whole of the certificate's body.
                assert_eq!(end_point(&der[..length]), None);
            }
            assert_eq!(end_point(&[0x30, 0xff, 1, 2]), None);
        }
    }
}

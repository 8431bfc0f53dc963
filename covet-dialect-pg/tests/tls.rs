//! Encrypted connections to the run's servers, whose certificates are for `localhost`, and what is
//! said when there can be none.

#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use covet_conformance::servers::{Server, certificate, servers};
use covet_core::{
    backend::{Builder, Db, Executor, Outcome, Work},
    error::{Error, ErrorKind, Result},
    render::Prepared,
    value::{Row, RowSink, SqlType, Values},
};
use covet_dialect_pg::Postgres;
use std::{any::Any, error::Error as _, future::Future, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{PrivateKeyDer, pem::PemObject},
    },
};

/// A test that hangs fails.
async fn bounded<T>(work: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(60), work).await.expect("the test hangs")
}

fn builder() -> Builder {
    Db::builder().backend(Postgres).max_connections(1)
}

async fn refusal(url: &str) -> Error {
    let error = bounded(builder().open(url)).await.expect_err("the connection is refused");
    assert!(!format!("{error:?}").contains("covet@") && !format!("{error:?}").contains(":covet"), "{error:?}");
    error
}

/// The texts of the errors underneath.
fn causes(error: &Error) -> String {
    let mut texts = String::new();
    let mut source = error.source();
    while let Some(cause) = source {
        texts.push_str(&format!("{cause}\n"));
        source = cause.source();
    }
    texts
}

struct Texts(Vec<Option<String>>);

impl RowSink for Texts {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.0.push(<Option<String> as SqlType>::decode(row, 0)?);
        Ok(())
    }
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

async fn text(db: &Db, sql: &str) -> Result<Option<String>> {
    let statement = Arc::new(Prepared::plain(sql.to_owned(), true, true));
    match bounded(db.run(Work::Query(statement, Values::new(), Box::new(Texts(Vec::new()))))).await? {
        Outcome::Rows(sink) => Ok(sink.into_any().downcast::<Texts>().unwrap().0.remove(0)),
        Outcome::Done(_) => panic!("a query gave no rows"),
    }
}

/// Whether the server sees the connection as encrypted.
async fn is_encrypted(url: &str) -> bool {
    let db = bounded(builder().open(url)).await.unwrap();
    let seen = text(&db, "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()").await.unwrap();
    seen.as_deref() == Some("true")
}

/// Servers with the paths of their authority and of another one.
fn with_certificates() -> Vec<(Server, String, String)> {
    let files = || Some((certificate("ca.pem")?, certificate("other-ca.pem")?));
    servers(&["PG"]).into_iter().filter_map(|server| files().map(|(ca, other)| (server, ca, other))).collect()
}

#[tokio::test]
async fn this_machine_is_spoken_to_in_plain_text() {
    for server in servers(&["PG"]) {
        assert!(!is_encrypted(&server.url).await);
    }
}

#[tokio::test]
async fn a_verified_connection_is_encrypted_and_bound_to_the_certificate() {
    for (server, ca, _) in with_certificates() {
        assert!(is_encrypted(&server.at("localhost", &format!("sslrootcert={ca}"))).await);
        let bound = format!("sslmode=verify-full&sslrootcert={ca}&channel_binding=require");
        assert!(is_encrypted(&server.at("localhost", &bound)).await);
    }
}

#[tokio::test]
async fn binding_without_tls_is_refused() {
    for server in servers(&["PG"]) {
        let error = refusal(&server.at("127.0.0.1", "channel_binding=require")).await;
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(error.to_string().contains("`channel_binding=require` needs TLS"), "{error}");
    }
}

#[tokio::test]
async fn an_unknown_authority_is_refused_and_named_as_the_cause() {
    for (server, ca, other) in with_certificates() {
        for mode in ["verify-full", "verify-ca", "require"] {
            let error = refusal(&server.at("localhost", &format!("sslmode={mode}&sslrootcert={other}"))).await;
            assert_eq!(error.kind(), ErrorKind::Connection);
            assert!(error.to_string().contains("not issued by a trusted authority"), "{error}");
            assert!(error.to_string().contains("`sslrootcert`"), "{error}");
            assert!(causes(&error).contains("UnknownIssuer"), "{error:?}");
        }
        let error = refusal(&server.at("localhost", &format!("sslrootcert={ca}.missing"))).await;
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("`sslrootcert`"), "{error}");
    }
}

#[tokio::test]
async fn another_name_is_refused_unless_only_the_authority_counts() {
    for (server, ca, _) in with_certificates() {
        let error = refusal(&server.at("127.0.0.1", &format!("sslrootcert={ca}"))).await;
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(
            error.to_string().contains("is for another name") && error.to_string().contains("localhost"),
            "{error}"
        );
        let elsewhere = format!("sslmode=verify-full&sslrootcert={ca}&hostaddr=127.0.0.1");
        let error = refusal(&server.at("db.example.com", &elsewhere)).await;
        assert!(error.to_string().contains("is for another name"), "{error}");
        assert!(is_encrypted(&server.at("127.0.0.1", &format!("sslmode=verify-ca&sslrootcert={ca}"))).await);
    }
}

#[tokio::test]
async fn what_is_asked_for_by_name_is_not_verified() {
    for (server, ..) in with_certificates() {
        assert!(is_encrypted(&server.at("127.0.0.1", "sslmode=require")).await);
        assert!(is_encrypted(&server.at("127.0.0.1", "sslmode=prefer")).await);
        assert!(!is_encrypted(&server.at("127.0.0.1", "sslmode=disable")).await);
    }
}

#[tokio::test]
async fn a_certificate_of_the_client_is_shown() {
    for (server, ca, _) in with_certificates() {
        let (chain, key) = (certificate("client.pem").unwrap(), certificate("client.key").unwrap());
        let url = server.at("localhost", &format!("sslrootcert={ca}&sslcert={chain}&sslkey={key}"));
        let db = builder().open(&url).await.unwrap();
        let name = text(&db, "SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()").await.unwrap();
        assert!(name.is_some_and(|name| name.contains("CN=covet")));
        let error = refusal(&server.at("localhost", &format!("sslrootcert={ca}&sslcert={ca}&sslkey={key}"))).await;
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("`sslkey`"), "{error}");
    }
}

#[tokio::test]
async fn a_statement_is_cancelled_over_tls_too() {
    for (server, ca, _) in with_certificates() {
        let url = server.at("localhost", &format!("sslrootcert={ca}"));
        let db = builder().statement_timeout(Duration::from_millis(300)).open(&url).await.unwrap();
        let error = text(&db, "SELECT pg_sleep(3600)::text /* over tls */").await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        let other = builder().open(&server.url).await.unwrap();
        let running = "SELECT count(*)::text FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%over tls%' \
                       AND pid <> pg_backend_pid()";
        bounded(async {
            while text(&other, running).await.unwrap().as_deref() != Some("0") {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
    }
}

#[tokio::test]
async fn direct_negotiation_goes_where_the_server_knows_it() {
    for (server, ca, _) in with_certificates() {
        let plain = builder().open(&server.url).await.unwrap();
        let knows = plain.version().split('.').next().unwrap().parse::<u32>().unwrap() >= 17;
        let url = server.at("localhost", &format!("sslrootcert={ca}&sslnegotiation=direct"));
        if knows {
            assert!(is_encrypted(&url).await);
        } else {
            assert_eq!(refusal(&url).await.kind(), ErrorKind::Connection);
        }
    }
}

/// Somebody between here and the server who says that it has no TLS.
async fn stripper(server: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut upstream = TcpStream::connect(&server).await.unwrap();
            tokio::spawn(async move {
                let mut first = [0; 8];
                client.read_exact(&mut first).await.unwrap();
                if first == [0, 0, 0, 8, 4, 210, 22, 47] {
                    client.write_all(b"N").await.unwrap();
                } else {
                    upstream.write_all(&first).await.unwrap();
                }
                let _ = tokio::io::copy_bidirectional(&mut client, &mut upstream).await;
            });
        }
    });
    port
}

#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to_in_plain_text() {
    for (server, ca, _) in with_certificates() {
        let port = stripper(server.address()).await;
        for insisting in [format!("sslrootcert={ca}"), "sslmode=require".to_owned(), "sslmode=verify-full".to_owned()] {
            let error = refusal(&server.by(port, &insisting)).await;
            assert_eq!(error.kind(), ErrorKind::Connection);
            assert!(error.to_string().contains("takes no encrypted connections"), "{error}");
            assert!(error.to_string().contains("`sslmode=disable`"), "{error}");
        }
        assert!(!is_encrypted(&server.by(port, "sslmode=prefer")).await);
    }
}

/// A server that agrees to TLS and then goes on with `then`.
async fn agreeing<F, W>(then: F) -> u16
where
    F: Fn(TcpStream) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 8];
            stream.read_exact(&mut request).await.unwrap();
            stream.write_all(b"S").await.unwrap();
            tokio::spawn(then(stream));
        }
    });
    port
}

/// The refusal of a certificate of `names`, made by its own authority, that was valid in these years.
async fn refusal_of(names: &[&str], years: (i32, i32)) -> Error {
    let authority = {
        let mut params = rcgen::CertificateParams::default();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        rcgen::CertifiedIssuer::self_signed(params, rcgen::KeyPair::generate().unwrap()).unwrap()
    };
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = rcgen::CertificateParams::new(names).unwrap();
    params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
    params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
    let key = rcgen::KeyPair::generate().unwrap();
    let chain = vec![params.signed_by(&key, &authority).unwrap().der().clone()];
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let port = agreeing(move |stream| {
        let acceptor = TlsAcceptor::from(Arc::clone(&config));
        async move { drop(acceptor.accept(stream).await) }
    })
    .await;
    let roots = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(roots.path(), authority.pem()).unwrap();
    let roots = roots.path().to_str().unwrap();
    refusal(&format!("postgres://ann:covet@127.0.0.1:{port}/db?sslmode=verify-full&sslrootcert={roots}")).await
}

#[tokio::test]
async fn certificates_out_of_their_time_are_refused() {
    let error = refusal_of(&["127.0.0.1"], (2001, 2002)).await;
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("has expired") && error.to_string().contains("renew"), "{error}");
    assert!(causes(&error).contains("expired"), "{error:?}");
    let error = refusal_of(&["127.0.0.1"], (4001, 4002)).await;
    assert!(error.to_string().contains("is not valid yet"), "{error}");
}

#[tokio::test]
async fn an_address_in_the_certificate_counts_as_its_name() {
    // The handshake succeeds, and this server says nothing more.
    let error = refusal_of(&["127.0.0.1"], (2001, 4001)).await;
    assert!(error.to_string().contains("closed the connection"), "{error}");
    let error = refusal_of(&["10.0.0.1", "localhost"], (2001, 4001)).await;
    assert!(error.to_string().contains("is for another name"), "{error}");
}

#[tokio::test]
async fn bytes_before_the_handshake_are_not_taken_for_the_server() {
    let port = agreeing(|mut stream| async move {
        // AuthenticationOk and ReadyForQuery in plain text.
        let _ = stream.write_all(b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I").await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    })
    .await;
    let error = refusal(&format!("postgres://ann:covet@127.0.0.1:{port}/db?sslmode=require")).await;
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("is not TLS"), "{error}");
}

#[tokio::test]
async fn a_handshake_that_is_never_answered_is_a_timeout() {
    let port = agreeing(|mut stream| async move {
        let _ = stream.read_to_end(&mut Vec::new()).await;
    })
    .await;
    let url = format!("postgres://ann:covet@127.0.0.1:{port}/db?sslmode=require");
    let error = bounded(builder().connect_timeout(Duration::from_millis(200)).open(&url)).await.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("connect_timeout"), "{error}");
}

#[tokio::test]
async fn a_handshake_that_is_broken_off_says_so() {
    let port = agreeing(|stream| async move { drop(stream) }).await;
    let error = refusal(&format!("postgres://ann:covet@127.0.0.1:{port}/db?sslmode=require")).await;
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("TLS handshake"), "{error}");
}

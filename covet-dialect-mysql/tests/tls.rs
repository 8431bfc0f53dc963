//! Encrypted connections to the run's servers, whose certificates are for `localhost`, and what is
//! said when there can be none.

#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use covet_conformance::servers::{Server, certificate, servers};
use covet_core::{
    backend::{Builder, Db, Executor, Outcome, Work},
    error::{Error, ErrorKind, Result},
    render::Prepared,
    value::{Row, RowSink, Values},
};
use covet_dialect_mysql::MySql;
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
    Db::builder().backend(MySql).max_connections(1)
}

async fn open(url: &str) -> Db {
    bounded(builder().open(url)).await.unwrap()
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

/// The last column of each row.
struct Texts(Vec<String>, usize);

impl RowSink for Texts {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.0.push(row.text(self.1)?.unwrap_or_default().to_owned());
        Ok(())
    }
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

async fn texts(db: &Db, sql: &str, column: usize) -> Result<Vec<String>> {
    let statement = Arc::new(Prepared::plain(sql.to_owned(), true, true));
    match bounded(db.run(Work::Query(statement, Values::new(), Box::new(Texts(Vec::new(), column))))).await? {
        Outcome::Rows(sink) => Ok(sink.into_any().downcast::<Texts>().unwrap().0),
        Outcome::Done(_) => panic!("a query gave no rows"),
    }
}

async fn batch(db: &Db, sql: &str) {
    bounded(db.run(Work::Batch(sql.to_owned().into()))).await.unwrap();
}

/// Whether the server sees the connection as encrypted.
async fn is_encrypted(url: &str) -> bool {
    let version = texts(&open(url).await, "SHOW SESSION STATUS LIKE 'Ssl_version'", 1).await.unwrap();
    version.first().is_some_and(|version| version.starts_with("TLS"))
}

/// Servers with the paths of their authority and of another one.
fn with_certificates() -> Vec<(Server, String, String)> {
    let files = || Some((certificate("ca.pem")?, certificate("other-ca.pem")?));
    let servers = servers(&["MYSQL", "MARIADB"]).into_iter();
    servers.filter_map(|server| files().map(|(ca, other)| (server, ca, other))).collect()
}

#[tokio::test]
async fn this_machine_is_spoken_to_in_plain_text() {
    for server in servers(&["MYSQL", "MARIADB"]) {
        assert!(!is_encrypted(&server.url).await);
    }
}

#[tokio::test]
async fn a_verified_connection_is_encrypted() {
    for (server, ca, _) in with_certificates() {
        assert!(is_encrypted(&server.at("localhost", &format!("ssl-ca={ca}"))).await);
        assert!(is_encrypted(&server.at("localhost", &format!("ssl-mode=VERIFY_IDENTITY&ssl-ca={ca}"))).await);
    }
}

#[tokio::test]
async fn an_unknown_authority_is_refused_and_named_as_the_cause() {
    for (server, ca, other) in with_certificates() {
        let error = refusal(&server.at("localhost", &format!("ssl-ca={other}"))).await;
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(error.to_string().contains("not issued by a trusted authority"), "{error}");
        assert!(error.to_string().contains("`ssl-ca`"), "{error}");
        assert!(causes(&error).contains("UnknownIssuer"), "{error:?}");
        let error = refusal(&server.at("localhost", &format!("ssl-ca={ca}.missing"))).await;
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("`ssl-ca`"), "{error}");
    }
}

#[tokio::test]
async fn another_name_is_refused() {
    for (server, ca, _) in with_certificates() {
        let error = refusal(&server.at("127.0.0.1", &format!("ssl-ca={ca}"))).await;
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(
            error.to_string().contains("is for another name") && error.to_string().contains("localhost"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_is_asked_for_by_name_is_not_verified() {
    for (server, ..) in with_certificates() {
        assert!(is_encrypted(&server.at("127.0.0.1", "ssl-mode=REQUIRED")).await);
        assert!(is_encrypted(&server.at("127.0.0.1", "ssl-mode=PREFERRED")).await);
        assert!(!is_encrypted(&server.at("127.0.0.1", "ssl-mode=DISABLED")).await);
    }
}

#[tokio::test]
async fn a_certificate_of_the_client_is_shown() {
    for (server, ca, _) in with_certificates() {
        let root = open(&server.url).await;
        batch(&root, "DROP USER IF EXISTS covet_x509").await;
        batch(&root, "CREATE USER covet_x509 IDENTIFIED BY 'covet' REQUIRE X509").await;
        batch(&root, "GRANT SELECT ON *.* TO covet_x509").await;
        let (chain, key) = (certificate("client.pem").unwrap(), certificate("client.key").unwrap());
        let url = |parameters: &str| server.at("localhost", parameters).replacen("root:", "covet_x509:", 1);
        assert!(is_encrypted(&url(&format!("ssl-ca={ca}&ssl-cert={chain}&ssl-key={key}"))).await);
        for without in [format!("ssl-ca={ca}"), String::new()] {
            let error = refusal(&url(&without)).await;
            assert_eq!((error.kind(), error.code()), (ErrorKind::Connection, Some("1045")), "{error}");
        }
        let error = refusal(&url(&format!("ssl-ca={ca}&ssl-cert={ca}&ssl-key={key}"))).await;
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("`ssl-key`"), "{error}");
    }
}

#[tokio::test]
async fn a_statement_is_cancelled_over_tls_too() {
    for (server, ca, _) in with_certificates() {
        let url = server.at("localhost", &format!("ssl-ca={ca}"));
        let db = builder().statement_timeout(Duration::from_millis(300)).open(&url).await.unwrap();
        let error = texts(&db, "SELECT CAST(SLEEP(3600) AS CHAR) /* over tls */", 0).await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        let other = open(&server.url).await;
        let running =
            "SELECT info FROM information_schema.processlist WHERE info LIKE '%over tls%' AND id <> CONNECTION_ID()";
        bounded(async {
            while !texts(&other, running, 0).await.unwrap().is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
    }
}

const CLIENT_SSL: u8 = 0x08;

/// Somebody between here and the server who says that it has no TLS.
async fn stripper(server: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut upstream = TcpStream::connect(&server).await.unwrap();
            tokio::spawn(async move {
                let mut head = [0; 4];
                upstream.read_exact(&mut head).await.unwrap();
                let mut greeting = vec![0; usize::from(head[0]) + 256 * usize::from(head[1])];
                upstream.read_exact(&mut greeting).await.unwrap();
                // Version of the protocol, of the server, id, half a salt, zero, the low capabilities.
                let flags = 1 + greeting.iter().skip(1).position(|byte| *byte == 0).unwrap() + 1 + 4 + 8 + 1 + 1;
                greeting[flags] &= !CLIENT_SSL;
                client.write_all(&[head.as_slice(), &greeting].concat()).await.unwrap();
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
        for insisting in [format!("ssl-ca={ca}"), "ssl-mode=REQUIRED".to_owned(), "ssl-mode=VERIFY_IDENTITY".to_owned()]
        {
            let error = refusal(&server.by(port, &insisting)).await;
            assert_eq!(error.kind(), ErrorKind::Connection);
            assert!(error.to_string().contains("takes no encrypted connections"), "{error}");
            assert!(error.to_string().contains("`ssl-mode=DISABLED`"), "{error}");
        }
        assert!(!is_encrypted(&server.by(port, "ssl-mode=PREFERRED")).await);
    }
}

#[tokio::test]
async fn a_password_goes_nowhere_else_in_plain_text_unless_the_url_says_so() {
    // Addresses of the documentation (RFC 5737), to which nothing must be sent.
    let error = refusal("mysql://root:covet@192.0.2.1/covet?ssl-mode=DISABLED").await;
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("`get-server-public-key=true`"), "{error}");
    let allowed = builder().connect_timeout(Duration::from_millis(200));
    let url = "mysql://root:covet@192.0.2.1/covet?ssl-mode=DISABLED&get-server-public-key=true";
    let error = bounded(allowed.open(url)).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Connection), "{error:?}");
}

#[tokio::test]
async fn a_user_that_must_come_by_tls_is_told_so() {
    for (server, ca, _) in with_certificates() {
        let root = open(&server.url).await;
        batch(&root, "DROP USER IF EXISTS covet_ssl").await;
        batch(&root, "CREATE USER covet_ssl IDENTIFIED BY 'covet' REQUIRE SSL").await;
        batch(&root, "GRANT SELECT ON *.* TO covet_ssl").await;
        let own = |url: String| url.replacen("root:", "covet_ssl:", 1);
        let error = refusal(&own(server.url.clone())).await;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Connection, Some("1045")), "{error}");
        assert!(error.to_string().contains("`ssl-mode=VERIFY_IDENTITY`"), "{error}");
        assert!(is_encrypted(&own(server.at("localhost", &format!("ssl-ca={ca}")))).await);
    }
}

/// A server that offers TLS and goes on with `then` when the client wants it.
async fn offering<F, W>(then: F) -> u16
where
    F: Fn(TcpStream) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let greeting = [
        b"\x0a8.0.99\0\x01\0\0\0saltsalt\0".as_slice(),
        // Capabilities with TLS and named methods, the character set, the status.
        b"\x00\x8a\xff\x02\0\x08\0\x15\0\0\0\0\0\0\0\0\0\0",
        b"saltsaltsalt\0caching_sha2_password\0",
    ]
    .concat();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let length = u8::try_from(greeting.len()).unwrap();
            stream.write_all(&[&[length, 0, 0, 0], greeting.as_slice()].concat()).await.unwrap();
            let mut request = [0; 36];
            stream.read_exact(&mut request).await.unwrap();
            assert_eq!(request[5] & CLIENT_SSL, CLIENT_SSL);
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
    let port = offering(move |stream| {
        let acceptor = TlsAcceptor::from(Arc::clone(&config));
        async move { drop(acceptor.accept(stream).await) }
    })
    .await;
    let roots = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(roots.path(), authority.pem()).unwrap();
    let roots = roots.path().to_str().unwrap();
    refusal(&format!("mysql://ann:covet@127.0.0.1:{port}/db?ssl-ca={roots}")).await
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
    assert!(!error.to_string().contains("certificate"), "{error}");
    let error = refusal_of(&["10.0.0.1", "localhost"], (2001, 4001)).await;
    assert!(error.to_string().contains("is for another name"), "{error}");
}

#[tokio::test]
async fn a_handshake_that_is_never_answered_is_a_timeout() {
    let port = offering(|mut stream| async move {
        let _ = stream.read_to_end(&mut Vec::new()).await;
    })
    .await;
    let url = format!("mysql://ann:covet@127.0.0.1:{port}/db?ssl-mode=REQUIRED");
    let error = bounded(builder().connect_timeout(Duration::from_millis(200)).open(&url)).await.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("connect_timeout"), "{error}");
}

#[tokio::test]
async fn a_handshake_that_is_broken_off_says_so() {
    let port = offering(|stream| async move { drop(stream) }).await;
    let error = refusal(&format!("mysql://ann:covet@127.0.0.1:{port}/db?ssl-mode=REQUIRED")).await;
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("broke off"), "{error}");
}

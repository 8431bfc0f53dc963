//! A server that stops in the middle of its work. A binary of its own: nothing else runs meanwhile.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use covet_conformance::servers::servers;

#[tokio::test]
async fn a_frozen_server_is_a_timeout_wherever_it_froze() {
    for server in servers(&["PG"]) {
        let encrypted = covet_conformance::servers::certificate("ca.pem")
            .filter(|_| cfg!(feature = "tls"))
            .map(|ca| server.at("localhost", &format!("sslrootcert={ca}")));
        for url in [Some(server.url.clone()), encrypted].into_iter().flatten() {
            covet_conformance::frozen::times_out_everywhere(covet_dialect_pg::Postgres, &server, &url).await;
        }
    }
}

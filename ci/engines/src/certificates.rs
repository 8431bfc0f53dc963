//! The certificates of a run: an authority, another one, a server's and a client's.
//!
//! The server's is for `localhost` and not for `127.0.0.1`, so that one server has a right and a
//! wrong name.

use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};

/// The variable that names the folder, for `ci/servers` and for the tests.
pub const VARIABLE: &str = "COVET_TEST_TLS";

/// Makes the folder: `ca.pem`, `other-ca.pem`, `server.pem`, `server.key`, `client.pem`, `client.key`.
pub fn make(run: &Path) -> Result<PathBuf> {
    let folder = run.join("tls");
    fs::create_dir(&folder)?;
    let authority = authority("covet tests")?;
    fs::write(folder.join("ca.pem"), authority.pem())?;
    fs::write(folder.join("other-ca.pem"), self::authority("somebody else")?.pem())?;
    issue(&authority, &folder, "server", "localhost", ExtendedKeyUsagePurpose::ServerAuth)?;
    issue(&authority, &folder, "client", "covet", ExtendedKeyUsagePurpose::ClientAuth)?;
    Ok(folder)
}

fn authority(name: &str) -> Result<CertifiedIssuer<'static, KeyPair>> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?).context("no authority")
}

fn issue(
    authority: &CertifiedIssuer<'static, KeyPair>,
    folder: &Path,
    file: &str,
    name: &str,
    purpose: ExtendedKeyUsagePurpose,
) -> Result<()> {
    let mut params = CertificateParams::new(vec![name.to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![purpose];
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, authority)?;
    fs::write(folder.join(format!("{file}.pem")), certificate.pem())?;
    let mut secret =
        fs::File::options().write(true).create_new(true).mode(0o600).open(folder.join(format!("{file}.key")))?;
    secret.write_all(key.serialize_pem().as_bytes())?;
    Ok(())
}

//! HTTPS: the operator's certificate, its renewal, and one made at the start.

use super::{Process, command};
use crate::support::{Database, Kind};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use std::path::Path;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Writes a new certificate and its key; returns the certificate.
pub fn write_pair(folder: &Path) -> Certificate<'static> {
    write_pair_of("localhost", folder)
}

/// The same for another name.
pub fn write_pair_of(name: &str, folder: &Path) -> Certificate<'static> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    Certificate::from_der(cert.der()).to_owned()
}

pub fn files(folder: &Path) -> [String; 4] {
    let path = |name| folder.join(name).display().to_string();
    ["--tls-cert".into(), path("cert.pem"), "--tls-key".into(), path("key.pem")]
}

/// Asks over a new connection: status, protocol and HSTS. `None` when the certificate is not believed.
pub fn ask(server: &Process, tls: TlsConfig) -> Option<(u16, String)> {
    let agent: ureq::Agent = ureq::Agent::config_builder().tls_config(tls).build().into();
    let answer = agent.get(format!("https://localhost:{}/healthz", server.address.port())).call().ok()?;
    let hsts = answer.headers().get("strict-transport-security").map_or("", |value| value.to_str().unwrap());
    Some((answer.status().as_u16(), hsts.to_owned()))
}

pub fn believing(certificate: &Certificate<'static>) -> TlsConfig {
    TlsConfig::builder().root_certs(RootCerts::from(std::iter::once(certificate.clone()))).build()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_certificate_serves_https_and_pins_it() {
    let database = Database::new(Kind::Sqlite).await;
    let certificate = write_pair(database.folder.path());
    let server = Process::start_with(&database, &files(database.folder.path()));
    let (status, hsts) = ask(&server, believing(&certificate)).unwrap();
    assert_eq!((status, &*hsts), (200, "max-age=31536000; includeSubDomains"));
    server.wait_for_log("https://localhost");
    let stranger = write_pair(tempfile::tempdir().unwrap().path());
    assert!(ask(&server, believing(&stranger)).is_none());
    assert!(server.call("GET", "/healthz", &[]).is_none_or(|answer| answer.0 >= 400), "no plain HTTP beside it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_read_at_sighup_and_a_broken_one_is_not_used() {
    let database = Database::new(Kind::Sqlite).await;
    let folder = database.folder.path();
    let old = write_pair(folder);
    let server = Process::start_with(&database, &files(folder));
    let new = write_pair(folder);
    assert!(ask(&server, believing(&old)).is_some(), "nothing changes before the signal");
    server.signal("-HUP");
    server.wait_for_log("read again");
    assert!(ask(&server, believing(&new)).is_some() && ask(&server, believing(&old)).is_none());
    std::fs::write(folder.join("key.pem"), "not a key").unwrap();
    server.signal("-HUP");
    server.wait_for_log("the old certificate stays in use");
    assert!(ask(&server, believing(&new)).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_our_own_is_for_this_machine_and_pins_nothing() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start_with(&database, &["--tls", "self-signed"]);
    let (status, hsts) = ask(&server, TlsConfig::builder().disable_verification(true).build()).unwrap();
    assert_eq!((status, &*hsts), (200, ""));
    assert!(ask(&server, TlsConfig::builder().build()).is_none());
    server.wait_for_log("the browser will warn");
}

#[tokio::test(flavor = "multi_thread")]
async fn https_speaks_http_2() {
    use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring};
    use std::{
        io::{Read, Write},
        sync::Arc,
    };
    let database = Database::new(Kind::Sqlite).await;
    let certificate = write_pair(database.folder.path());
    let server = Process::start_with(&database, &files(database.folder.path()));
    let mut roots = RootCertStore::empty();
    roots.add(certificate.der().to_vec().into()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let connection = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(connection, server.connect());
    // The client's preface with empty settings (RFC 9113 §3.4); the server's settings come back.
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    let mut frame = [0; 9];
    stream.read_exact(&mut frame).unwrap();
    let mut settings = vec![0; usize::from(frame[2])];
    stream.read_exact(&mut settings).unwrap();
    assert_eq!(stream.conn.alpn_protocol(), Some(&b"h2"[..]));
    assert_eq!(frame[3], 4, "a SETTINGS frame");
    let setting = |id: u16| {
        let found = settings.chunks(6).find(|setting| setting[..2] == id.to_be_bytes());
        found.map(|setting| u32::from_be_bytes(setting[2..].try_into().unwrap()))
    };
    assert_eq!(setting(3), Some(100), "SETTINGS_MAX_CONCURRENT_STREAMS");
    assert_eq!(setting(6), Some(32 * 1024), "SETTINGS_MAX_HEADER_LIST_SIZE");
}

#[test]
fn a_certificate_that_cannot_be_used_is_told_by_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/test.db", folder.path().display());
    let refusal = || {
        let [a, b, c, d] = files(folder.path());
        let output = command(&["--database-url", &database, &a, &b, &c, &d]).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let reason = refusal();
    assert!(reason.contains("cannot read a certificate from") && reason.contains("cert.pem"), "{reason}");
    write_pair(folder.path());
    std::fs::write(folder.path().join("key.pem"), "not a key").unwrap();
    let reason = refusal();
    assert!(reason.contains("cannot read a private key from") && reason.contains("key.pem"), "{reason}");
    std::fs::write(folder.path().join("key.pem"), KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let reason = refusal();
    assert!(reason.contains("do not go together"), "{reason}");
    std::fs::write(folder.path().join("cert.pem"), "").unwrap();
    let reason = refusal();
    assert!(reason.contains("holds no certificate"), "{reason}");
}

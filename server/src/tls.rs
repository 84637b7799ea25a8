//! Certificates: the operator's, read again at SIGHUP, or a self-signed one for a browser on this machine.

use crate::clock::Clock;
use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject},
    },
};
use std::{
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use x509_cert::der::{self, Decode};

/// Apple's systems take a server's certificate for 825 days at most (Apple HT103769); a start makes a new one anyway.
const SELF_SIGNED_FOR: Duration = Duration::from_secs(30 * 86_400);

/// Where the server's certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// From two PEM files.
    Files {
        /// The certificate, then those that lead to its root.
        chain: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
    /// Made at the start for localhost and kept in memory.
    SelfSigned,
}

/// Why there is no TLS, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file with the certificates.
    #[error("cannot read a certificate from {0}: {1}. --tls-cert names a PEM file, the server's certificate first.")]
    Chain(PathBuf, pem::Error),
    /// The file holds no certificate.
    #[error("{0} holds no certificate. --tls-cert names a PEM file with BEGIN CERTIFICATE in it.")]
    NoCertificate(PathBuf),
    /// The certificate cannot be understood.
    #[error(
        "{0} does not hold an X.509 certificate: {1}. --tls-cert names a PEM file, the server's certificate first."
    )]
    Content(PathBuf, der::Error),
    /// The file with the key.
    #[error("cannot read a private key from {0}: {1}. --tls-key names a PEM file with an unencrypted private key.")]
    Key(PathBuf, pem::Error),
    /// Each was read, but they do not work together.
    #[error("{chain} and {key} do not go together: {cause}. Name a certificate and its own key.")]
    Pair {
        /// The file with the certificates.
        chain: PathBuf,
        /// The file with the key.
        key: PathBuf,
        /// The reason, by rustls.
        cause: rustls::Error,
    },
    /// The self-signed certificate cannot be made.
    #[error("cannot make a certificate: {0}. Give one with --tls-cert and --tls-key.")]
    Make(#[from] rcgen::Error),
    /// rustls refuses the self-signed certificate.
    #[error("cannot use TLS: {0}")]
    Rustls(#[from] rustls::Error),
}

impl Certificate {
    /// Reads or makes the certificate. TLS 1.3 and 1.2 with rustls' suites, HTTP/2 before HTTP/1.1.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn load(&self, clock: &dyn Clock) -> Result<Arc<ServerConfig>, TlsError> {
        match self {
            Self::Files { chain, key } => from_files(chain, key),
            Self::SelfSigned => self_signed(clock.now()),
        }
    }

    /// When the operator's certificate holds; `None` for one of our own.
    ///
    /// # Errors
    /// [`TlsError::Chain`], [`TlsError::NoCertificate`], [`TlsError::Content`].
    pub fn times(&self) -> Result<Option<Range<i64>>, TlsError> {
        let Self::Files { chain, .. } = self else { return Ok(None) };
        let certificates = read_chain(chain)?;
        let first = certificates.first().ok_or_else(|| TlsError::NoCertificate(chain.into()))?;
        let certificate =
            x509_cert::Certificate::from_der(first).map_err(|cause| TlsError::Content(chain.into(), cause))?;
        let validity = certificate.tbs_certificate().validity();
        let seconds =
            |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        Ok(Some(seconds(&validity.not_before)..seconds(&validity.not_after)))
    }

    /// Reads the files again at each SIGHUP, for as long as the server runs. A pair that cannot be used leaves the old
    /// one in place.
    pub async fn reload_on_hangup(self, clock: Arc<dyn Clock>, config: RustlsConfig) {
        use tokio::signal::unix::{SignalKind, signal};
        let Self::Files { chain, .. } = &self else { return };
        let Ok(mut hangups) = signal(SignalKind::hangup()) else { return };
        while hangups.recv().await.is_some() {
            match self.load(&*clock) {
                Ok(fresh) => {
                    config.reload_from_config(fresh);
                    tracing::info!(certificate = %chain.display(), "the certificate was read again");
                }
                Err(error) => tracing::error!(%error, "the old certificate stays in use"),
            }
        }
    }
}

fn read_chain(chain: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|cause| TlsError::Chain(chain.into(), cause))?;
    if certificates.is_empty() { Err(TlsError::NoCertificate(chain.into())) } else { Ok(certificates) }
}

fn from_files(chain: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let certificates = read_chain(chain)?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|cause| TlsError::Key(key.into(), cause))?;
    config(certificates, private).map_err(|cause| TlsError::Pair { chain: chain.into(), key: key.into(), cause })
}

fn self_signed(now: i64) -> Result<Arc<ServerConfig>, TlsError> {
    let mut params = CertificateParams::new(["localhost", "127.0.0.1", "::1"].map(String::from))?;
    let now = date_time_ymd(1970, 1, 1) + Duration::from_secs(now.unsigned_abs());
    // An hour back, for clocks that go after.
    (params.not_before, params.not_after) = (now - Duration::from_secs(3_600), now + SELF_SIGNED_FOR);
    params.distinguished_name.push(DnType::CommonName, "Storage Lab on this machine");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    Ok(config(vec![certificate.der().clone()], key)?)
}

fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

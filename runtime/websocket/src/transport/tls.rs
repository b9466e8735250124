//! TLS, with its own provider: the process may have none, or two.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::OnceCell;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::WantsClientCert;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier, crypto};
use tokio_rustls::{TlsConnector, rustls};

use crate::lifecycle::{Disconnect, SharedError};

/// Trusted authorities and the client certificate for TLS.
///
/// ```no_run
/// use eventwire::client::{Tls, WebSocket};
/// use std::fs::read_to_string;
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let (authority, certificate, key) =
///     (read_to_string("ca.pem")?, read_to_string("client.pem")?, read_to_string("client.key")?);
/// let connector = WebSocket::new().tls(Tls::with_identity(&authority, &certificate, &key)?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Tls {
    config: Arc<ClientConfig>,
}

impl Tls {
    /// Trusts the authorities of the platform. Certificates are verified by the operating system if it has a verifier,
    /// so authorities that an administrator has added or removed are respected.
    ///
    /// # Errors
    ///
    /// When the platform's authorities cannot be read.
    pub fn platform() -> Result<Self, TlsError> {
        let builder = builder()?.with_platform_verifier().map_err(TlsError::new)?;
        Ok(Self::anonymous(builder))
    }

    /// Trusts only the given authorities, one or more certificates in PEM form.
    ///
    /// # Errors
    ///
    /// When the text holds no certificate or one that cannot be an authority.
    pub fn with_authorities(pem: &str) -> Result<Self, TlsError> {
        Ok(Self::anonymous(builder()?.with_root_certificates(authorities(pem)?)))
    }

    /// Trusts only the given authorities, and authenticates with a client certificate. All texts are in PEM form.
    ///
    /// # Errors
    ///
    /// When a text does not hold what it should, or the key does not fit the certificate.
    pub fn with_identity(authorities_pem: &str, certificates_pem: &str, key_pem: &str) -> Result<Self, TlsError> {
        let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes()).map_err(TlsError::new)?;
        let config = builder()?
            .with_root_certificates(authorities(authorities_pem)?)
            .with_client_auth_cert(certificates(certificates_pem)?, key)
            .map_err(TlsError::new)?;
        Ok(Self::new(config))
    }

    fn anonymous(builder: ConfigBuilder<ClientConfig, WantsClientCert>) -> Self {
        Self::new(builder.with_no_client_auth())
    }

    fn new(mut config: ClientConfig) -> Self {
        // A server that offers HTTP/2 on the same port must not choose it: the upgrade exists in HTTP/1.1 only.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self { config: Arc::new(config) }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, TlsError> {
    ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::new)
}

fn authorities(pem: &str) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for certificate in certificates(pem)? {
        store.add(certificate).map_err(TlsError::new)?;
    }
    Ok(store)
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().map_err(TlsError::new)?;
    if certificates.is_empty() {
        return Err(TlsError::new("the text holds no certificate"));
    }
    Ok(certificates)
}

/// The error of creating a [`Tls`].
#[derive(Debug)]
pub struct TlsError(Box<dyn Error + Send + Sync>);

impl TlsError {
    fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TLS cannot be set up: {}", self.0)
    }
}

impl Error for TlsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// The TLS settings of a connector: given, or the platform's once they are needed.
#[derive(Clone, Default)]
pub(super) struct Source {
    tls: OnceCell<Tls>,
}

impl Source {
    pub(super) fn given(tls: Tls) -> Self {
        Self { tls: OnceCell::new_with(Some(tls)) }
    }

    pub(super) async fn connect<S>(&self, host: &str, stream: S) -> Result<TlsStream<S>, Disconnect>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let tls = self.tls.get_or_try_init(platform).await?;
        let name = ServerName::try_from(host.to_owned()).map_err(|error| Disconnect::Tls(SharedError::new(error)))?;
        TlsConnector::from(Arc::clone(&tls.config)).connect(name, stream).await.map_err(|error| {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(_) => Disconnect::Tls(SharedError::new(error)),
                None => Disconnect::io(error),
            }
        })
    }
}

/// Reading the platform's authorities takes a while and blocks.
async fn platform() -> Result<Tls, Disconnect> {
    match tokio::task::spawn_blocking(Tls::platform).await {
        Ok(Ok(tls)) => Ok(tls),
        Ok(Err(error)) => Err(Disconnect::Tls(SharedError::new(error))),
        Err(error) => Err(Disconnect::Tls(SharedError::new(error))),
    }
}

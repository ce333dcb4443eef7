//! Whom outgoing TLS trusts: the machine's certificate authorities, and those of the operator.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Certificate authorities. Made once for the process: reading the machine's takes milliseconds and a megabyte.
#[derive(Clone)]
pub struct TlsTrust(Arc<RootCertStore>);

#[derive(Debug, thiserror::Error)]
pub enum TlsTrustError {
    #[error("no certificate authority to trust: {reason}; install ca-certificates, or point SSL_CERT_FILE at a bundle")]
    NoSystemRoots { reason: String },
    #[error("the PEM text of the extra authorities is not valid: {reason}")]
    InvalidPem { reason: String },
    #[error("the PEM text of the extra authorities holds no certificate")]
    EmptyPem,
}

impl TlsTrust {
    /// The machine's authorities; `SSL_CERT_FILE` and `SSL_CERT_DIR` are heeded.
    pub fn system() -> Result<Self, TlsTrustError> {
        let mut loaded = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        // A machine's bundle may hold a certificate that is too odd to be read; the others are as good without it.
        roots.add_parsable_certificates(std::mem::take(&mut loaded.certs));
        if roots.is_empty() {
            let reason = loaded.errors.first().map_or_else(|| "none is installed".to_owned(), ToString::to_string);
            return Err(TlsTrustError::NoSystemRoots { reason });
        }
        Ok(TlsTrust(Arc::new(roots)))
    }

    /// No authority: every `https` exchange fails.
    pub fn none() -> Self {
        TlsTrust(Arc::new(RootCertStore::empty()))
    }

    /// The same and the certificates of a PEM text.
    pub fn with_pem(&self, pem: &[u8]) -> Result<Self, TlsTrustError> {
        let invalid = |reason: String| TlsTrustError::InvalidPem { reason };
        let mut roots = RootCertStore::clone(&self.0);
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| invalid(error.to_string()))?;
            roots.add(certificate).map_err(|error| invalid(error.to_string()))?;
        }
        if roots.len() == before { Err(TlsTrustError::EmptyPem) } else { Ok(TlsTrust(Arc::new(roots))) }
    }

    /// For one worker: its sessions are its own, so that no upstream can link two workers by a resumed one.
    pub(super) fn client_config(&self) -> ClientConfig {
        let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider speaks the default versions")
            .with_root_certificates(self.0.clone())
            .with_no_client_auth();
        config.resumption = Resumption::in_memory_sessions(SESSIONS_MAX);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config
    }
}

/// The most TLS sessions one worker keeps for resumption.
const SESSIONS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_pem_is_refused() {
        let refuse = |pem: &str| TlsTrust::none().with_pem(pem.as_bytes()).err().expect("refused").to_string();
        assert!(refuse("").contains("holds no certificate"));
        assert!(refuse("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n").contains("not valid"));
        assert!(refuse("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").contains("not valid"));
    }
}

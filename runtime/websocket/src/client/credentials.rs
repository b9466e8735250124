//! Where credentials come from, and how the driver asks for them without knowing their type.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;

use crate::lifecycle::SharedError;
use eventwire_core::{Credential, Credentials};

/// Provides credentials to a client: before it connects for the first time, and again whenever the server has rejected
/// the last ones. A function that returns a future is a provider.
///
/// ```
/// use eventwire::client::{CredentialsProvider, CredentialsReason};
/// use eventwire::Secret;
/// # use eventwire::{Credential, Credentials};
/// # #[derive(Clone)]
/// # struct Token(Secret);
/// # impl Credentials for Token {
/// #     fn into_list(self) -> Vec<Credential> { vec![Credential::bearer(self.0)] }
/// # }
/// # async fn fetch_token() -> Result<String, std::io::Error> { Ok(String::new()) }
/// # fn takes(_: impl CredentialsProvider<Token>) {}
///
/// takes(|_: CredentialsReason| async { Ok::<_, std::io::Error>(Token(fetch_token().await?.into())) });
/// ```
pub trait CredentialsProvider<C>: Send + Sync + 'static {
    /// Gives credentials.
    ///
    /// # Errors
    ///
    /// Whatever kept the provider from getting credentials; the client tries again as after any failed attempt. The error
    /// is shown to users: it must not contain a secret.
    fn provide(
        &self,
        reason: CredentialsReason,
    ) -> impl Future<Output = Result<C, Box<dyn Error + Send + Sync>>> + Send;
}

impl<C, E, F, Fut> CredentialsProvider<C> for F
where
    F: Fn(CredentialsReason) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<C, E>> + Send,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    async fn provide(&self, reason: CredentialsReason) -> Result<C, Box<dyn Error + Send + Sync>> {
        self(reason).await.map_err(Into::into)
    }
}

/// Why credentials are requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsReason {
    /// There are none yet.
    First,
    /// The server refused the last ones.
    Refused,
}

/// A request for credentials under way.
pub(crate) type CredentialsFuture = Pin<Box<dyn Future<Output = Result<Vec<Credential>, SharedError>> + Send>>;

/// Where credentials come from, without their type.
#[derive(Clone)]
pub(crate) enum CredentialsSource {
    /// Always the same.
    Fixed(Vec<Credential>),
    /// Asked for.
    Provider(Arc<dyn Fn(CredentialsReason) -> CredentialsFuture + Send + Sync>),
}

impl CredentialsSource {
    pub(crate) fn empty() -> Self {
        Self::Fixed(Vec::new())
    }

    pub(crate) fn fixed<C: Credentials>(credentials: C) -> Self {
        Self::Fixed(credentials.into_list())
    }

    pub(crate) fn provider<C: Credentials, P: CredentialsProvider<C>>(provider: P) -> Self {
        let provider = Arc::new(provider);
        Self::Provider(Arc::new(move |reason| {
            let provider = Arc::clone(&provider);
            Box::pin(async move { Ok(provider.provide(reason).await.map_err(SharedError::new)?.into_list()) })
        }))
    }

    /// Whether asking again may yield others.
    pub(crate) fn renews(&self) -> bool {
        matches!(self, Self::Provider(_))
    }
}

//! What a client is made from: where the Backbone is, who asks, and how patiently.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::Url;
use tessera_core_types::{Randomness, SystemRandomness, Username};

use super::ClientError;
use crate::SecretText;

/// The longest base URL that is accepted, in bytes.
const MAX_BASE_URL_BYTES: usize = 500;

/// Everything a [`BackboneClient`](super::BackboneClient) needs to know.
#[derive(Clone)]
pub struct ClientSettings {
    /// The base URL, e.g. `http://localhost:8090`; `http` or `https`, without user, query and
    /// fragment. A trailing slash is dropped. Its host name is part of every address.
    pub base_url: String,
    /// The OAuth client id of the app.
    pub client_id: String,
    /// The OAuth client secret of the app.
    pub client_secret: SecretText,
    /// How long making a connection may take. 10 seconds unless set.
    pub connect_timeout: Duration,
    /// How long one attempt of a call may take from the first byte sent to the last byte read,
    /// and after how long no further attempt is begun. 60 seconds unless set.
    pub timeout: Duration,
    /// The same for the upload and download of a file. 10 minutes unless set.
    pub transfer_timeout: Duration,
    /// How many bytes an answer may have. 32 MiB unless set.
    pub max_answer_bytes: usize,
    /// When and how often a call is repeated.
    pub retry: RetryPolicy,
    /// Where the jitter of the waiting times comes from.
    pub randomness: Arc<dyn Randomness>,
}

impl ClientSettings {
    /// Settings with the usual patience.
    #[must_use]
    pub fn new(
        base_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretText>,
    ) -> Self {
        Self {
            base_url: base_url.into(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            transfer_timeout: Duration::from_secs(600),
            max_answer_bytes: 32 * 1024 * 1024,
            retry: RetryPolicy::default(),
            randomness: Arc::new(SystemRandomness),
        }
    }
}

impl fmt::Debug for ClientSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSettings")
            .field("base_url", &self.base_url)
            .field("client_id", &self.client_id)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// How often a call is repeated, and how long the client waits in between.
///
/// Only calls that may be made twice without harm are repeated after they may have reached the
/// server. The others are repeated only when the connection could not be made at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many repetitions there are at most; 0 for none.
    pub max_retries: u32,
    /// The wait before the first repetition. It doubles with each further one.
    pub first_delay: Duration,
    /// The longest wait, and the longest `Retry-After` that is obeyed instead of reported.
    pub longest_delay: Duration,
}

impl RetryPolicy {
    /// No repetitions.
    pub const NONE: Self = Self {
        max_retries: 0,
        first_delay: Duration::ZERO,
        longest_delay: Duration::ZERO,
    };

    /// The wait before repetition `number` (from 0): doubling, and of that a random part
    /// between a half and all of it, so that many clients don't come back at once.
    pub(super) fn delay(&self, number: u32, randomness: &dyn Randomness) -> Duration {
        let full = self
            .first_delay
            .saturating_mul(2_u32.saturating_pow(number))
            .min(self.longest_delay);
        let mut bytes = [0_u8; 2];
        randomness.fill(&mut bytes);
        let share = f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX);
        full.mul_f64(0.5 + share / 2.0)
    }
}

impl Default for RetryPolicy {
    /// Three repetitions, from a quarter of a second to five seconds.
    fn default() -> Self {
        Self {
            max_retries: 3,
            first_delay: Duration::from_millis(250),
            longest_delay: Duration::from_secs(5),
        }
    }
}

/// With what a device logs in.
#[derive(Clone)]
pub struct Credentials {
    /// The user name of the device.
    pub username: Username,
    /// The password of the device.
    pub password: SecretText,
}

impl Credentials {
    /// Puts the two together.
    #[must_use]
    pub fn new(username: Username, password: impl Into<SecretText>) -> Self {
        Self {
            username,
            password: password.into(),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// A base URL whose form was checked.
#[derive(Clone, Debug)]
pub(super) struct BaseUrl(Url);

impl BaseUrl {
    /// Reads a base URL.
    pub(super) fn parse(text: &str) -> Result<Self, ClientError> {
        let refuse = |what| Err(ClientError::InvalidBaseUrl { what });
        if text.len() > MAX_BASE_URL_BYTES {
            return refuse("it is too long");
        }
        // References separate their parts with this character.
        if text.contains('|') {
            return refuse("it contains \"|\"");
        }
        let Ok(mut url) = Url::parse(text.trim().trim_end_matches('/')) else {
            return refuse("it is not a URL");
        };
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("it does not begin with http:// or https://");
        }
        if url.host_str().is_none_or(str::is_empty) {
            return refuse("it has no host name");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it contains a user name or password");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("it contains a query or fragment");
        }
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
        }
        Ok(Self(url))
    }

    /// The URL of a path below the base, each segment encoded.
    pub(super) fn join(&self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// The base URL without a trailing slash.
    pub(super) fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The host name.
    pub(super) fn hostname(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether the Backbone is on this computer.
    pub(super) fn is_loopback(&self) -> bool {
        matches!(self.hostname(), "localhost" | "127.0.0.1" | "[::1]")
    }

    /// Whether nothing is encrypted on the way.
    pub(super) fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_checked_and_joined() {
        for (text, kept) in [
            ("http://localhost:8090", "http://localhost:8090"),
            ("http://localhost:8090/", "http://localhost:8090"),
            (" https://prod.enmeshed.eu ", "https://prod.enmeshed.eu"),
            (
                "https://example.org/backbone/",
                "https://example.org/backbone",
            ),
        ] {
            let base = BaseUrl::parse(text).unwrap();
            assert_eq!(base.as_str(), kept);
            assert_eq!(
                base.join(&["api", "v2", "a b/c"]).as_str(),
                format!("{kept}/api/v2/a%20b%2Fc")
            );
        }
        for text in [
            "",
            "localhost:8090",
            "ftp://localhost",
            "http://",
            "http://a:b@localhost",
            "http://localhost?x=1",
            "http://localhost#x",
            "http://local|host",
        ] {
            let error = BaseUrl::parse(text).unwrap_err();
            assert!(
                matches!(error, ClientError::InvalidBaseUrl { .. }),
                "{text}"
            );
        }
    }

    struct Fixed(u8);

    impl Randomness for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn waiting_doubles_up_to_the_longest_and_has_jitter() {
        let policy = RetryPolicy {
            max_retries: 9,
            first_delay: Duration::from_millis(100),
            longest_delay: Duration::from_millis(300),
        };
        let waits = |byte| [0, 1, 2, 40].map(|n| policy.delay(n, &Fixed(byte)).as_millis());
        assert_eq!(waits(0xff), [100, 200, 300, 300]);
        assert_eq!(waits(0x00), [50, 100, 150, 150]);
    }
}

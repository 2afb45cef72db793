//! Access tokens: one per session, renewed in time, asked for once by calls in parallel.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Mutex, time::Instant};

use super::{AnswerFault, ClientError, Credentials, call::Call, connection::Connection};
use crate::{SecretText, authentication as wire};

/// A token that is good for less than this is renewed before it is used.
const RENEW_BEFORE: Duration = Duration::from_secs(10);
/// No token is believed to last longer than this.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// How many bytes an access token may have.
const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A successful login: an access token, opaque, and how long it is good.
#[derive(Clone)]
pub(super) struct Login {
    pub(super) bearer: Arc<SecretText>,
    /// Tells this token from its predecessors.
    serial: u64,
    renew_at: Instant,
}

/// The login of one device.
pub(super) struct Session {
    credentials: Credentials,
    /// How many attempts to log in have ended. Read before waiting for `state`.
    ended: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Login>,
    failure: Option<ClientError>,
}

impl Session {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            ended: AtomicU64::new(0),
            state: Mutex::default(),
        }
    }

    /// A token that is good, from the cache or by logging in.
    ///
    /// Whoever comes while somebody else is logging in gets the outcome of that, a failure too:
    /// ten calls with a wrong password must not be ten wrong passwords, the third locks the
    /// device. `refused` is the token that the server just answered 401 to.
    pub(super) async fn token(
        &self,
        connection: &Connection,
        refused: Option<&Login>,
    ) -> Result<Login, ClientError> {
        let ended_before = self.ended.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let refused = refused.map(|token| token.serial);
        let has_new_outcome = self.ended.load(Ordering::Acquire) > ended_before;
        if let Some(token) = &state.token {
            let is_fresh = has_new_outcome || Instant::now() < token.renew_at;
            if is_fresh && Some(token.serial) != refused {
                return Ok(token.clone());
            }
        }
        if let (true, Some(failure)) = (has_new_outcome, &state.failure) {
            return Err(failure.clone());
        }
        let outcome = self.log_in(connection).await;
        self.ended.fetch_add(1, Ordering::AcqRel);
        state.token = outcome.as_ref().ok().cloned();
        state.failure = outcome.as_ref().err().cloned();
        outcome
    }

    async fn log_in(&self, connection: &Connection) -> Result<Login, ClientError> {
        let asked_at = Instant::now();
        let settings = connection.settings();
        let client_secret = settings.client_secret.expose();
        let password = self.credentials.password.expose();
        let call = Call::log_in(&[
            ("grant_type", wire::GRANT_TYPE_PASSWORD),
            ("client_id", &settings.client_id),
            ("client_secret", client_secret),
            ("username", self.credentials.username.as_str()),
            ("password", password),
        ])
        .hiding(client_secret)
        .hiding(password);
        let answer = connection.run(None, &call).await?;
        match answer.status {
            200 => {
                let token = read_token(&answer.body)?;
                let life = Duration::from_secs(token.expires_in).min(LONGEST_LIFE);
                tracing::debug!(seconds = life.as_secs(), "logged in");
                Ok(Login {
                    bearer: Arc::new(token.access_token),
                    serial: self.ended.load(Ordering::Acquire),
                    renew_at: asked_at + life.saturating_sub(RENEW_BEFORE),
                })
            }
            429 => Err(connection.error(&call, &answer)),
            status => Err(refusal(status, &answer.body)),
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

fn read_token(body: &[u8]) -> Result<wire::AccessToken, ClientError> {
    let answer: wire::AccessToken =
        serde_json::from_slice(body).map_err(|error| ClientError::UnexpectedAnswer {
            what: if error.is_data() {
                AnswerFault::Form
            } else {
                AnswerFault::NotJson
            },
        })?;
    let token = answer.access_token.expose();
    let is_header_text = token.bytes().all(|byte| byte.is_ascii_graphic());
    if is_header_text && (1..=MAX_TOKEN_BYTES).contains(&token.len()) {
        Ok(answer)
    } else {
        Err(ClientError::UnexpectedAnswer {
            what: AnswerFault::Form,
        })
    }
}

/// What a refused login means. A locked device is not a wrong password.
fn refusal(status: u16, body: &[u8]) -> ClientError {
    let error = serde_json::from_slice::<wire::OAuthError>(body).map(|body| body.error);
    match (status, error.as_deref()) {
        (400, Ok(wire::ACCESS_DENIED)) => ClientError::Locked,
        (400, Ok(wire::INVALID_GRANT)) => ClientError::NotAuthorizedGrant,
        _ => ClientError::NoAuthPossible { status },
    }
}

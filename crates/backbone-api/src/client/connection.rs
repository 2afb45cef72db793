//! Sending calls: connections, time limits, bounded reading, repetitions.

use std::{error::Error as StdError, sync::Arc, time::Duration};

use reqwest::{
    Client, Response, Url,
    header::{
        ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
        IF_NONE_MATCH, RETRY_AFTER,
    },
    redirect::{Attempt, Policy},
};
use tokio::time::Instant;

use super::{
    AnswerFault, ClientError, ClientSettings, NetworkFailure,
    call::{Body, Call, Repeat},
    error,
    live_updates::EVENT_STREAM,
    session::{Login, Session},
    settings::BaseUrl,
};
use crate::{SUPPORTED_DATAWALLET_VERSION_HEADER, SecretText, error_codes};

/// How many redirects are followed.
const MAX_REDIRECTS: usize = 10;
/// After how long a connection for events is made anew.
const LONGEST_LISTENING: Duration = Duration::from_secs(24 * 60 * 60);

/// Connections to one Backbone.
#[derive(Debug)]
pub(super) struct Connection {
    settings: ClientSettings,
    base_url: BaseUrl,
    http: Client,
}

/// An answer, read to its end unless it is a success that its caller reads.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    pub(super) etag: Option<String>,
    /// The rest of a success that is not read to its end here.
    pub(super) unread: Option<Response>,
    retry_after: Option<Duration>,
    /// With what the call was made.
    bearer: Option<Arc<SecretText>>,
}

/// A call without answer.
struct Failure {
    error: ClientError,
    /// Whether the call surely did not reach the server.
    is_unsent: bool,
}

impl Connection {
    pub(super) fn new(settings: ClientSettings) -> Result<Self, ClientError> {
        let base_url = BaseUrl::parse(&settings.base_url)?;
        // An error means that there is a provider already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.timeout)
            .redirect(Policy::custom(follow))
            // A redirect would tell the query of the page before.
            .referer(false)
            .user_agent(concat!("Tessera/", env!("CARGO_PKG_VERSION")))
            .default_headers(HeaderMap::from_iter([(
                ACCEPT,
                HeaderValue::from_static("application/json"),
            )]));
        if base_url.is_loopback() {
            builder = builder.no_proxy();
            if base_url.is_plain() {
                // Nothing is encrypted here, and reading all certificates of the system takes
                // longer than starting the embedded Backbone.
                builder = builder.tls_certs_only([]);
            }
        }
        let http = builder.build().map_err(|_| ClientError::NoTls)?;
        Ok(Self {
            settings,
            base_url,
            http,
        })
    }

    pub(super) fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    pub(super) fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Makes a call and makes an error of every status that is not 2xx.
    pub(super) async fn succeed(
        &self,
        session: Option<&Session>,
        call: &Call,
    ) -> Result<Answer, ClientError> {
        let answer = self.run(session, call).await?;
        if (200..300).contains(&answer.status) {
            Ok(answer)
        } else {
            Err(self.error(call, &answer))
        }
    }

    /// What an answer without success means.
    pub(super) fn error(&self, call: &Call, answer: &Answer) -> ClientError {
        let is_secret = |text: &str| {
            let bearer = answer.bearer.as_ref();
            call.repeats_secret(text) || bearer.is_some_and(|bearer| text.contains(bearer.expose()))
        };
        let error = error::from_answer(answer.status, &answer.body, answer.retry_after, is_secret);
        tracing::debug!(
            call = call.name,
            status = answer.status,
            code = error.code(),
            "refused"
        );
        error
    }

    /// Makes a call: with an access token if there is a session, anew after a 401, and again
    /// after failures where that does no harm. Any status is an answer.
    pub(super) async fn run(
        &self,
        session: Option<&Session>,
        call: &Call,
    ) -> Result<Answer, ClientError> {
        let began = Instant::now();
        let mut retries = 0;
        let mut refused: Option<Login> = None;
        loop {
            let token = match session {
                // Boxed: a login is a call, too.
                Some(session) => Some(Box::pin(session.token(self, refused.as_ref())).await?),
                None => None,
            };
            let outcome = self.send(call, token.as_ref()).await;
            if let (Ok(Answer { status: 401, .. }), Some(token), None) = (&outcome, token, &refused)
            {
                refused = Some(token);
                continue;
            }
            let delay = match &outcome {
                Ok(answer) => self.delay_after_answer(call, answer, retries),
                Err(failure) if failure.is_unsent || is_repeatable(call, failure) => {
                    Some(self.usual_delay(retries))
                }
                Err(_) => None,
            };
            match delay {
                Some(delay)
                    if retries < self.settings.retry.max_retries
                        && began.elapsed() + delay < self.settings.timeout =>
                {
                    retries += 1;
                    tracing::debug!(call = call.name, retries, "repeated after a failure");
                    tokio::time::sleep(delay).await;
                }
                _ => return outcome.map_err(|failure| failure.error),
            }
        }
    }

    fn usual_delay(&self, retries: u32) -> Duration {
        let policy = &self.settings.retry;
        policy.delay(retries, self.settings.randomness.as_ref())
    }

    /// How long to wait before a call is repeated, if it may be.
    fn delay_after_answer(&self, call: &Call, answer: &Answer, retries: u32) -> Option<Duration> {
        if call.repeat != Repeat::Harmless {
            return None;
        }
        match answer.status {
            502..=504 => {}
            // A used-up quota stays so for hours or days.
            429 if !is_quota_exhausted(&answer.body) => {}
            _ => return None,
        }
        let wanted = answer.retry_after.unwrap_or_default();
        let delay = self.usual_delay(retries).max(wanted);
        (wanted <= self.settings.retry.longest_delay).then_some(delay)
    }

    async fn send(&self, call: &Call, token: Option<&Login>) -> Result<Answer, Failure> {
        let segments: Vec<&str> = call.path.iter().map(String::as_str).collect();
        let mut url = self.base_url.join(&segments);
        for (name, value) in &call.query {
            url.query_pairs_mut().append_pair(name, value);
        }
        let mut request = self.http.request(call.method.clone(), url);
        if let Some(token) = token {
            let bearer = format!("Bearer {}", token.bearer.expose());
            if let Ok(mut value) = HeaderValue::from_str(&bearer) {
                value.set_sensitive(true);
                request = request.header(AUTHORIZATION, value);
            }
        }
        if call.tells_datawallet_version {
            request = request.header(
                SUPPORTED_DATAWALLET_VERSION_HEADER,
                super::SUPPORTED_DATAWALLET_VERSION,
            );
        }
        if let Some(etag) = &call.if_none_match {
            request = request.header(IF_NONE_MATCH, etag);
        }
        request = match &call.body {
            Body::None => request,
            Body::Json(bytes) => request
                .header(CONTENT_TYPE, "application/json; charset=utf-8")
                .body(bytes.to_vec()),
            Body::Form(form) => request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.as_bytes().to_vec()),
            Body::Upload(upload) => {
                let form = upload.form().await.map_err(|error| Failure {
                    error,
                    is_unsent: false,
                })?;
                request.multipart(form)
            }
        };
        if call.is_transfer {
            request = request.timeout(self.settings.transfer_timeout);
        }
        if call.is_listening {
            request = request
                .header(ACCEPT, EVENT_STREAM)
                .timeout(LONGEST_LISTENING);
        }
        let sending = request.send();
        let response = if call.is_listening {
            // Events may come for long, but the first answer must not take longer than another.
            tokio::time::timeout(self.settings.timeout, sending)
                .await
                .map_err(|_| Failure {
                    error: ClientError::Network {
                        kind: NetworkFailure::Timeout,
                    },
                    is_unsent: false,
                })?
        } else {
            sending.await
        };
        let response = response.map_err(|error| sending_failed(&error))?;
        let mut answer = self.read(response, call.is_streaming).await?;
        answer.bearer = token.map(|token| Arc::clone(&token.bearer));
        Ok(answer)
    }

    /// Reads an answer to its end, but no further than allowed.
    async fn read(&self, mut response: Response, is_streaming: bool) -> Result<Answer, Failure> {
        let mut answer = Answer {
            status: response.status().as_u16(),
            body: Vec::new(),
            etag: header_text(response.headers(), &ETAG),
            retry_after: header_text(response.headers(), &RETRY_AFTER)
                .and_then(|text| text.trim().parse().ok())
                .map(Duration::from_secs),
            unread: None,
            bearer: None,
        };
        let limit = self.settings.max_answer_bytes;
        let announced = response.content_length().unwrap_or(0);
        if usize::try_from(announced).map_or(true, |announced| announced > limit) {
            return Err(fault(AnswerFault::TooLarge));
        }
        if is_streaming && response.status().is_success() {
            answer.unread = Some(response);
            return Ok(answer);
        }
        while let Some(chunk) = response.chunk().await.map_err(|error| Failure {
            error: reading_failed(&error),
            is_unsent: false,
        })? {
            if answer.body.len() + chunk.len() > limit {
                return Err(fault(AnswerFault::TooLarge));
            }
            answer.body.extend_from_slice(&chunk);
        }
        Ok(answer)
    }
}

fn is_quota_exhausted(body: &[u8]) -> bool {
    let error = error::from_answer(429, body, None, |_| false);
    error.code() != error_codes::UNEXPECTED
}

/// Follows redirects on the same host only, and never from encrypted to plain: what is sent
/// along (a password, a PIN) is meant for this Backbone alone.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let is_allowed = attempt.previous().last().is_some_and(|from: &Url| {
        let to = attempt.url();
        let is_same_host = from.host_str() == to.host_str()
            && (from.port_or_known_default() == to.port_or_known_default()
                || from.scheme() != to.scheme());
        is_same_host && (to.scheme() == "https" || from.scheme() == "http")
    });
    if is_allowed && attempt.previous().len() <= MAX_REDIRECTS {
        attempt.follow()
    } else {
        attempt.error(RedirectRefused)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("redirect refused")]
struct RedirectRefused;

fn header_text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Whether a call without answer may be made again although it may have reached the server.
fn is_repeatable(call: &Call, failure: &Failure) -> bool {
    let is_passing = match &failure.error {
        ClientError::Network { kind } => *kind != NetworkFailure::Tls,
        ClientError::UnexpectedAnswer { what } => *what == AnswerFault::CutOff,
        _ => false,
    };
    call.repeat == Repeat::Harmless && is_passing
}

fn fault(what: AnswerFault) -> Failure {
    Failure {
        error: ClientError::UnexpectedAnswer { what },
        is_unsent: false,
    }
}

fn sending_failed(error: &reqwest::Error) -> Failure {
    let network = |kind, is_unsent| Failure {
        error: ClientError::Network { kind },
        is_unsent,
    };
    if error.is_redirect() {
        return fault(AnswerFault::Redirect);
    }
    if error.is_connect() {
        return match connect_failure(error) {
            NetworkFailure::Tls => network(NetworkFailure::Tls, false),
            _ if error.is_timeout() => network(NetworkFailure::Timeout, true),
            kind => network(kind, true),
        };
    }
    if error.is_timeout() {
        return network(NetworkFailure::Timeout, false);
    }
    // The HTTP library has no type for this that it shows.
    if causes(error).any(|cause| cause.to_string().starts_with("invalid HTTP")) {
        return fault(AnswerFault::NotHttp);
    }
    network(NetworkFailure::Aborted, false)
}

fn connect_failure(error: &reqwest::Error) -> NetworkFailure {
    for cause in causes(error) {
        if is_tls(cause) {
            return NetworkFailure::Tls;
        }
        if cause.to_string().starts_with("dns error") {
            return NetworkFailure::Dns;
        }
    }
    NetworkFailure::Connect
}

/// Whether an error is of TLS, perhaps wrapped in errors of I/O: these skip what they hold when
/// they name their source.
fn is_tls(mut error: &(dyn StdError + 'static)) -> bool {
    while let Some(inner) = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref)
    {
        error = inner;
    }
    error.is::<rustls::Error>()
}

/// What it means that the rest of an answer did not come.
pub(super) fn reading_failed(error: &reqwest::Error) -> ClientError {
    if error.is_timeout() {
        return ClientError::Network {
            kind: NetworkFailure::Timeout,
        };
    }
    ClientError::UnexpectedAnswer {
        what: AnswerFault::CutOff,
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

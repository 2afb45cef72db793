//! Live updates: the Backbone says that there is something to fetch (`GET sse`, server-sent events).

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{Stream, StreamExt, stream::BoxStream};
use reqwest::{Response, header::CONTENT_TYPE};
use sse_stream::{Error, Sse, SseByteStream};

use super::{
    AnswerFault, AuthenticatedClient, ClientError, NetworkFailure, call::Call,
    connection::reading_failed,
};

/// The media type of server-sent events.
pub(super) const EVENT_STREAM: &str = "text/event-stream";

/// A Backbone says every 240 seconds that it is still there; who is silent for longer is gone.
const LONGEST_SILENCE: Duration = Duration::from_secs(300);
/// How many bytes may come without an event among them.
const MAX_EVENT_BYTES: usize = 64 * 1024;

/// What a Backbone says while it is listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveUpdate {
    /// It listens. What happened before that was not told.
    ConnectionOpened,
    /// There is an external event to fetch.
    ExternalEventCreated,
    /// Another device of the identity has written into the datawallet.
    DatawalletModificationsCreated,
    /// It is still there, or something else happened that changes nothing here.
    Other,
}

/// An open connection on which a Backbone says when something happens. Dropping it ends it.
pub struct LiveUpdates {
    events: BoxStream<'static, Result<Sse, Error>>,
    /// Bytes since the last event.
    unread: Arc<AtomicUsize>,
}

impl AuthenticatedClient {
    /// Listens to the Backbone.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; a Backbone that offers no live updates under its base URL answers 404, or
    /// with something else than events ([`AnswerFault::Form`]).
    pub async fn live_updates(&self) -> Result<LiveUpdates, ClientError> {
        let channel = &self.channel;
        let call = Call::get("sse", &[]).listening();
        let answer = channel
            .connection
            .succeed(channel.session.as_deref(), &call)
            .await?;
        let response = answer.unread.filter(is_event_stream);
        let response = response.ok_or(ClientError::UnexpectedAnswer {
            what: AnswerFault::Form,
        })?;
        Ok(LiveUpdates::of(response))
    }
}

impl LiveUpdates {
    fn of(response: Response) -> Self {
        let unread = Arc::new(AtomicUsize::new(0));
        let bytes = bounded(response.bytes_stream(), Arc::clone(&unread));
        Self {
            events: SseByteStream::new(bytes).boxed(),
            unread,
        }
    }

    /// The next update; `None` when the Backbone ends the connection.
    ///
    /// # Errors
    ///
    /// [`ClientError::Network`] when nothing comes for five minutes or the connection breaks,
    /// [`ClientError::UnexpectedAnswer`] for what are no events.
    pub async fn next(&mut self) -> Result<Option<LiveUpdate>, ClientError> {
        let next = tokio::time::timeout(LONGEST_SILENCE, self.events.next()).await;
        let Some(event) = next.map_err(|_| ClientError::Network {
            kind: NetworkFailure::Timeout,
        })?
        else {
            return Ok(None);
        };
        let event = event.map_err(failure)?;
        self.unread.store(0, Ordering::Relaxed);
        Ok(Some(match event.event.as_deref() {
            Some("ConnectionOpened") => LiveUpdate::ConnectionOpened,
            Some("ExternalEventCreated") => LiveUpdate::ExternalEventCreated,
            Some("DatawalletModificationsCreated") => LiveUpdate::DatawalletModificationsCreated,
            _ => LiveUpdate::Other,
        }))
    }
}

impl fmt::Debug for LiveUpdates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveUpdates").finish_non_exhaustive()
    }
}

/// Why no more bytes are read.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("the connection broke")]
    Broken(#[source] reqwest::Error),
    #[error("an event is too long")]
    TooLong,
}

/// The bytes of a stream, as long as an event comes now and then.
fn bounded<B: AsRef<[u8]>>(
    bytes: impl Stream<Item = reqwest::Result<B>>,
    unread: Arc<AtomicUsize>,
) -> impl Stream<Item = Result<B, Ended>> {
    bytes.map(move |part| {
        let part = part.map_err(Ended::Broken)?;
        let length = part.as_ref().len();
        let before = unread.fetch_add(length, Ordering::Relaxed);
        if before.saturating_add(length) > MAX_EVENT_BYTES {
            return Err(Ended::TooLong);
        }
        Ok(part)
    })
}

fn failure(error: Error) -> ClientError {
    if let Error::Body(source) = &error
        && let Some(Ended::Broken(source)) = source.downcast_ref::<Ended>()
    {
        return reading_failed(source);
    }
    ClientError::UnexpectedAnswer {
        what: AnswerFault::Form,
    }
}

fn is_event_stream(response: &Response) -> bool {
    let media_type = response.headers().get(CONTENT_TYPE);
    media_type
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with(EVENT_STREAM))
}

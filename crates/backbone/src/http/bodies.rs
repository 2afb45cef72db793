//! Bodies of calls that are answered before they were read.
//!
//! A client that still sends when the server hangs up gets a broken connection instead of the answer:
//! an upload with an access token that is over would never learn of the 401. So what was not read is
//! read after the answer is known, and thrown away.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream, Bytes, HttpBody},
    extract::Request,
};
use futures_util::{Stream, StreamExt};
use tessera_backbone_api::limits;
use tokio::sync::oneshot;

/// How long the rest of a body may take.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// What a call did not read of its body.
pub struct Rest(Option<oneshot::Receiver<BodyDataStream>>);

/// Keeps the body of a call for [`Rest::read_to_its_end`].
pub fn keep(request: Request) -> (Request, Rest) {
    if request.body().is_end_stream() {
        return (request, Rest(None));
    }
    let (parts, body) = request.into_parts();
    let (sender, receiver) = oneshot::channel();
    let kept = Kept {
        body: Some(body.into_data_stream()),
        home: Some(sender),
    };
    let body = Body::from_stream(kept);
    (Request::from_parts(parts, body), Rest(Some(receiver)))
}

impl Rest {
    /// Reads what is left, up to the size that a body may have.
    pub async fn read_to_its_end(self) {
        let Some(mut body) = self.0.and_then(|mut home| home.try_recv().ok()) else {
            return;
        };
        let read = async {
            let mut length = 0;
            while let Some(Ok(chunk)) = body.next().await {
                length += chunk.len();
                if length > limits::MAX_REQUEST_BYTES {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(TIME_LIMIT, read).await;
    }
}

/// A body that goes home when it is dropped before its end.
struct Kept {
    body: Option<BodyDataStream>,
    home: Option<oneshot::Sender<BodyDataStream>>,
}

impl Stream for Kept {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let next = body.poll_next_unpin(context);
        if !matches!(next, Poll::Pending | Poll::Ready(Some(Ok(_)))) {
            self.body = None;
        }
        next
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let (Some(body), Some(home)) = (self.body.take(), self.home.take()) {
            // The call may be over for another reason.
            let _ = home.send(body);
        }
    }
}

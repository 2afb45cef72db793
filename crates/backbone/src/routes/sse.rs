//! `GET sse`: tells a wallet at once that there is something to fetch. The real Backbone has this
//! on a port of its own and for one connection per identity; here it is beside everything else and
//! for any number of them.

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    extract::State,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::get,
};
use futures_util::stream;
use tokio::sync::{broadcast, watch};

use crate::{
    app::{Hint, Shared},
    http::caller::Caller,
};

const KEEP_ALIVE: Duration = Duration::from_secs(240);

pub fn routes() -> Router<Shared> {
    Router::new().route("/sse", get(listen))
}

struct Listener {
    caller: Caller,
    hints: broadcast::Receiver<Hint>,
    stopping: watch::Receiver<bool>,
    is_open: bool,
}

impl Listener {
    /// The next event for this device; `None` when the server stops.
    async fn next(&mut self) -> Option<&'static str> {
        if !self.is_open {
            self.is_open = true;
            return Some("ConnectionOpened");
        }
        loop {
            let hint = tokio::select! {
                hint = self.hints.recv() => hint,
                _ = self.stopping.wait_for(|is_stopping| *is_stopping) => return None,
            };
            match hint {
                Ok(hint)
                    if hint.address == self.caller.address
                        && hint.except.as_ref() != Some(&self.caller.device) =>
                {
                    return Some(hint.event);
                }
                Ok(_) => {}
                // Some were missed: say that there is something, whatever it was.
                Err(broadcast::error::RecvError::Lagged(_)) => return Some("ExternalEventCreated"),
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

async fn listen(State(app): State<Shared>, caller: Caller) -> Response {
    let listener = Listener {
        caller,
        hints: app.hints.subscribe(),
        stopping: app.stopping.clone(),
        is_open: false,
    };
    let events = stream::unfold(listener, async |mut listener| {
        let name = listener.next().await?;
        Some((Ok::<_, Infallible>(event(name)), listener))
    });
    let keep_alive = KeepAlive::new()
        .interval(KEEP_ALIVE)
        .event(event("keep-alive"));
    Sse::new(events).keep_alive(keep_alive).into_response()
}

fn event(name: &str) -> Event {
    Event::default().event(name).data("_")
}

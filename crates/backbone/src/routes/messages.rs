//! Messages.

use std::collections::HashSet;

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use rusqlite::Connection;
use tessera_backbone_api::{limits, messages::SendMessageRequest};

use super::relationship_templates::check_content;
use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::Caller,
        error::ApiError,
        input::{self, IdKind, Input, PathId},
        query::{Query, ids_as_json},
    },
    store::{Change, messages},
};

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/messages", post(send).get(list))
        .route("/messages/{id}", get(read))
}

async fn send(
    State(app): State<Shared>,
    caller: Caller,
    Input(request): Input<SendMessageRequest>,
) -> Answer {
    check(&request, app.settings.max_message_recipients)?;
    let max_unreceived = app.settings.max_unreceived_messages;
    let write =
        move |change: &Change<'_>| messages::send(change, &caller, &request, max_unreceived);
    answer::created(app.database.write(write).await?)
}

fn check(request: &SendMessageRequest, max_recipients: usize) -> Result<(), ApiError> {
    let recipients = &request.recipients;
    if recipients.is_empty() || recipients.len() > max_recipients {
        return Err(ApiError::invalid(
            "recipients",
            &format!("must have 1 to {max_recipients} entries"),
        ));
    }
    let different: HashSet<_> = recipients.iter().map(|to| &to.address).collect();
    if different.len() < recipients.len() {
        return Err(ApiError::invalid("recipients", "must be different"));
    }
    let keys = limits::MIN_ENCRYPTED_KEY_BYTES..=limits::MAX_ENCRYPTED_KEY_BYTES;
    if !recipients
        .iter()
        .all(|to| keys.contains(&to.encrypted_key.as_slice().len()))
    {
        return Err(ApiError::invalid(
            "recipients.encryptedKey",
            "must have 30 to 300 bytes",
        ));
    }
    if request.body.as_slice().is_empty() {
        return Err(ApiError::invalid("body", "must not be empty"));
    }
    check_content("body", &request.body)?;
    let attachments = request.attachments.as_ref().map_or(0, Vec::len);
    if attachments > limits::MAX_ATTACHMENTS {
        return Err(ApiError::invalid(
            "attachments",
            "must not have more than 20 entries",
        ));
    }
    Ok(())
}

/// Marks a message as received when the caller gets it for the first time; from then on reading it
/// need not wait for a turn to write.
async fn read(State(app): State<Shared>, caller: Caller, path: PathId<input::Message>) -> Answer {
    let domain = app.settings.host_name.clone();
    let get =
        move |data: &Connection, caller: &Caller| messages::get(data, caller, &path.id, &domain);
    let (get_first, reader) = (get.clone(), caller.clone());
    let message = app
        .database
        .read(move |data| get_first(data, &reader))
        .await?;
    if !messages::is_unreceived(&message, &caller) {
        return answer::ok(message);
    }
    let write = move |change: &Change<'_>| {
        messages::mark_received(change, &caller, &message.id)?;
        get(change, &caller)
    };
    answer::ok(app.database.write(write).await?)
}

/// As one message is read.
async fn list(State(app): State<Shared>, caller: Caller, query: Query) -> Answer {
    let wanted = query.page()?;
    let ids = query.ids("messages", input::Message::PREFIX)?;
    let ids = (!ids.is_empty()).then(|| ids_as_json(&ids));
    let domain = app.settings.host_name.clone();
    let get = move |data: &Connection, caller: &Caller| {
        messages::list(data, caller, ids.as_deref(), wanted, &domain)
    };
    let (get_first, reader) = (get.clone(), caller.clone());
    let page = app
        .database
        .read(move |data| get_first(data, &reader))
        .await?;
    let unreceived: Vec<_> = page
        .records
        .iter()
        .filter(|message| messages::is_unreceived(message, &caller))
        .map(|message| message.id.clone())
        .collect();
    if unreceived.is_empty() {
        return answer::page(page);
    }
    let write = move |change: &Change<'_>| {
        for id in &unreceived {
            messages::mark_received(change, &caller, id)?;
        }
        get(change, &caller)
    };
    answer::page(app.database.write(write).await?)
}

//! The datawallet.

use axum::{Router, extract::State, routing::get};
use tessera_backbone_api::{
    datawallet::{NewDatawalletModification, PushDatawalletModificationsRequest},
    limits,
};

use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::Caller,
        error::ApiError,
        input::{Input, SupportedDatawalletVersion},
        query::Query,
    },
    store::{Change, datawallet},
};
use rusqlite::Connection;

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/datawallet", get(read))
        .route("/datawallet/modifications", get(list).post(push))
}

async fn read(State(app): State<Shared>, caller: Caller) -> Answer {
    let read = move |data: &Connection| datawallet::get(data, &caller.address);
    answer::ok(app.database.read(read).await?)
}

async fn list(
    State(app): State<Shared>,
    caller: Caller,
    SupportedDatawalletVersion(supported): SupportedDatawalletVersion,
    query: Query,
) -> Answer {
    let local_index = query.number("localindex")?;
    let wanted = query.page()?;
    let read = move |data: &Connection| {
        datawallet::list(data, &caller.address, supported, local_index, wanted)
    };
    answer::page(app.database.read(read).await?)
}

async fn push(
    State(app): State<Shared>,
    caller: Caller,
    SupportedDatawalletVersion(supported): SupportedDatawalletVersion,
    Input(request): Input<PushDatawalletModificationsRequest>,
) -> Answer {
    if supported == 0 {
        return Err(ApiError::invalid(
            "X-Supported-Datawallet-Version",
            "must be greater than 0",
        ));
    }
    if request.modifications.is_empty() {
        return Err(ApiError::invalid("modifications", "must not be empty"));
    }
    check_modifications("modifications", &request.modifications)?;
    let write = move |change: &Change<'_>| datawallet::push(change, &caller, supported, &request);
    answer::created(app.database.write(write).await?)
}

/// Refuses modifications whose texts are too long.
pub(super) fn check_modifications(
    property: &str,
    modifications: &[NewDatawalletModification],
) -> Result<(), ApiError> {
    for (index, modification) in modifications.iter().enumerate() {
        let category = modification.payload_category.as_deref().unwrap_or_default();
        for (name, text, max) in [
            (
                "objectIdentifier",
                modification.object_identifier.as_str(),
                limits::MAX_OBJECT_IDENTIFIER_CHARS,
            ),
            (
                "collection",
                modification.collection.as_str(),
                limits::MAX_COLLECTION_CHARS,
            ),
            (
                "payloadCategory",
                category,
                limits::MAX_PAYLOAD_CATEGORY_CHARS,
            ),
        ] {
            if text.chars().count() > max {
                return Err(ApiError::invalid(
                    &format!("{property}[{index}].{name}"),
                    &format!("must not have more than {max} characters"),
                ));
            }
        }
    }
    Ok(())
}

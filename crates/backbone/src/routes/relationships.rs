//! Relationships.

use axum::{
    Router,
    extract::State,
    routing::{MethodRouter, get, post, put},
};
use tessera_backbone_api::{
    Bytes,
    relationships::{CreateRelationshipRequest, CreationResponseRequest, RelationshipAction},
};
use tessera_core_types::Address;

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
    store::{Change, relationships},
};
use rusqlite::Connection;

pub fn routes() -> Router<Shared> {
    let routes = Router::new()
        .route("/relationships", post(create).get(list))
        .route("/relationships/cancreate", get(can_create))
        .route("/relationships/{id}", get(read));
    RelationshipAction::ALL
        .into_iter()
        .fold(routes, |routes, action| {
            let path = action.path().to_ascii_lowercase();
            routes.route(&format!("/relationships/{{id}}/{path}"), act(action))
        })
}

async fn can_create(State(app): State<Shared>, caller: Caller, query: Query) -> Answer {
    let peer = Address::parse(query.required("peer")?).map_err(|_| ApiError::invalid_id("peer"))?;
    let read = move |data: &Connection| relationships::can_create(data, &caller, &peer);
    answer::ok(app.database.read(read).await?)
}

async fn create(
    State(app): State<Shared>,
    caller: Caller,
    Input(request): Input<CreateRelationshipRequest>,
) -> Answer {
    let write = move |change: &Change<'_>| {
        relationships::create(
            change,
            &caller,
            &request.relationship_template_id,
            request.creation_content,
            |content: Option<&Bytes>| {
                content.map_or(Ok(()), |content| check_content("creationContent", content))
            },
        )
    };
    answer::created(app.database.write(write).await?)
}

async fn read(
    State(app): State<Shared>,
    caller: Caller,
    path: PathId<input::Relationship>,
) -> Answer {
    let read = move |data: &Connection| relationships::get(data, &caller, &path.id);
    answer::ok(app.database.read(read).await?)
}

async fn list(State(app): State<Shared>, caller: Caller, query: Query) -> Answer {
    let wanted = query.page()?;
    let ids = query.ids("relationships", input::Relationship::PREFIX)?;
    if ids.is_empty() {
        return Err(ApiError::invalid("ids", "must not be empty"));
    }
    let ids = ids_as_json(&ids);
    let read = move |data: &Connection| relationships::list(data, &caller, &ids, wanted);
    answer::page(app.database.read(read).await?)
}

/// The route of an action. Those without input ignore whatever body they get.
fn act(action: RelationshipAction) -> MethodRouter<Shared> {
    if action.has_body() {
        put(
            async move |State(app): State<Shared>,
                        caller: Caller,
                        path: PathId<input::Relationship>,
                        Input(request): Input<CreationResponseRequest>| {
                let content = request.creation_response_content;
                run(app, caller, path.id, action, content).await
            },
        )
    } else {
        put(
            async move |State(app): State<Shared>,
                        caller: Caller,
                        path: PathId<input::Relationship>| {
                run(app, caller, path.id, action, None).await
            },
        )
    }
}

async fn run(
    app: Shared,
    caller: Caller,
    id: String,
    action: RelationshipAction,
    content: Option<Bytes>,
) -> Answer {
    let write =
        move |change: &Change<'_>| relationships::act(change, &caller, &id, action, content);
    answer::ok(app.database.write(write).await?)
}

//! RelationshipTemplates.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use tessera_backbone_api::{
    Bytes, PasswordBytes, limits, relationship_templates::CreateRelationshipTemplateRequest,
};
use tessera_core_types::CoreDate;

use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::Caller,
        error::ApiError,
        input::{self, IdKind, Input, PathId},
        query::Query,
    },
    store::{Change, relationship_templates as templates},
};
use rusqlite::Connection;

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/relationshiptemplates", post(create).get(list))
        .route("/relationshiptemplates/{id}", get(load).delete(remove))
}

async fn create(
    State(app): State<Shared>,
    caller: Caller,
    Input(request): Input<CreateRelationshipTemplateRequest>,
) -> Answer {
    check_content("content", &request.content)?;
    if let Some(expires_at) = request.expires_at {
        check_is_future("expiresAt", expires_at, app.now())?;
    }
    if request.max_number_of_allocations.is_some_and(|max| max < 1) {
        return Err(ApiError::invalid(
            "maxNumberOfAllocations",
            "must be greater than 0",
        ));
    }
    check_password(request.password.as_ref())?;
    let write = move |change: &Change<'_>| templates::create(change, &caller, request);
    answer::created(app.database.write(write).await?)
}

async fn load(
    State(app): State<Shared>,
    caller: Caller,
    path: PathId<input::RelationshipTemplate>,
    query: Query,
) -> Answer {
    let password = query.password("password")?;
    let now = app.now();
    let (reader, id) = (caller.clone(), path.id.clone());
    let known = app
        .database
        .read(move |data| templates::get_without_allocation(data, &reader, &id, now))
        .await?;
    if let Some(template) = known {
        return answer::ok(template);
    }
    let write =
        move |change: &Change<'_>| templates::load(change, &caller, &path.id, password.as_ref());
    answer::ok(app.database.write(write).await?)
}

async fn list(State(app): State<Shared>, caller: Caller, query: Query) -> Answer {
    let wanted = query.page()?;
    let ids = query.ids("templates", input::RelationshipTemplate::PREFIX)?;
    if ids.is_empty() {
        return Err(ApiError::invalid("templates", "must not be empty"));
    }
    let now = app.now();
    let read = move |data: &Connection| {
        let mut found = Vec::new();
        for record in ids {
            let template =
                templates::peek(data, &caller, &record.id, record.password.as_ref(), now)?;
            found.extend(template);
        }
        found.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        found.dedup_by(|a, b| a.id == b.id);
        Ok(wanted.of(found))
    };
    answer::page(app.database.read(read).await?)
}

async fn remove(
    State(app): State<Shared>,
    caller: Caller,
    path: PathId<input::RelationshipTemplate>,
) -> Answer {
    let write = move |change: &Change<'_>| templates::delete(change, &caller, &path.id);
    app.database.write(write).await?;
    answer::no_content()
}

/// Refuses contents that are too long.
pub(super) fn check_content(property: &str, content: &Bytes) -> Result<(), ApiError> {
    if content.as_slice().len() <= limits::MAX_CONTENT_BYTES {
        return Ok(());
    }
    Err(ApiError::invalid(
        property,
        "must not be longer than 10 MiB",
    ))
}

/// Refuses dates that are over.
pub(super) fn check_is_future(
    property: &str,
    date: CoreDate,
    now: CoreDate,
) -> Result<(), ApiError> {
    if date > now {
        return Ok(());
    }
    Err(ApiError::invalid(property, "must be in the future"))
}

/// Refuses passwords that are empty or too long.
pub(super) fn check_password(password: Option<&PasswordBytes>) -> Result<(), ApiError> {
    let is_good = |password: &PasswordBytes| {
        (1..=limits::MAX_PASSWORD_BYTES).contains(&password.expose().len())
    };
    if password.is_none_or(is_good) {
        return Ok(());
    }
    Err(ApiError::invalid("password", "must have 1 to 200 bytes"))
}

//! Tokens.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use tessera_backbone_api::tokens::{CreateTokenRequest, UpdateTokenContentRequest};

use super::relationship_templates::{check_content, check_is_future, check_password};
use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::{Caller, OptionalCaller},
        error::ApiError,
        input::{self, IdKind, Input, PathId},
        query::{Query, ids_as_json},
    },
    store::{Change, tokens},
};
use rusqlite::Connection;

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/tokens", post(create).get(list))
        .route("/tokens/{id}", get(load).delete(remove))
        .route("/tokens/{id}/updatecontent", post(update_content))
}

async fn create(
    State(app): State<Shared>,
    OptionalCaller(caller): OptionalCaller,
    Input(request): Input<CreateTokenRequest>,
) -> Answer {
    let now = app.now();
    match &request.content {
        Some(_) if caller.is_none() => {
            return Err(ApiError::invalid(
                "content",
                "must be empty when the token is made anonymously",
            ));
        }
        Some(content) => check_content("content", content)?,
        None => {}
    }
    check_is_future("expiresAt", request.expires_at, now)?;
    if caller.is_none() && !tokens::is_short_lived(request.expires_at, now) {
        return Err(ApiError::invalid(
            "expiresAt",
            "must be within 5 minutes when the token is made anonymously",
        ));
    }
    check_password(request.password.as_ref())?;
    let write = move |change: &Change<'_>| tokens::create(change, caller.as_ref(), request);
    answer::created(app.database.write(write).await?)
}

async fn load(
    State(app): State<Shared>,
    OptionalCaller(caller): OptionalCaller,
    path: PathId<input::Token>,
    query: Query,
) -> Answer {
    let password = query.password("password")?;
    let (reader, id) = (caller.clone(), path.id.clone());
    let known = app
        .database
        .read(move |data| tokens::get_without_allocation(data, reader.as_ref(), &id))
        .await?;
    if let Some(token) = known {
        return answer::ok(token);
    }
    let write = move |change: &Change<'_>| {
        tokens::load(change, caller.as_ref(), &path.id, password.as_ref())
    };
    answer::ok(app.database.write(write).await??)
}

async fn list(State(app): State<Shared>, caller: Caller, query: Query) -> Answer {
    let wanted = query.page()?;
    let ids = query.ids("tokens", input::Token::PREFIX)?;
    if ids.is_empty() {
        return Err(ApiError::invalid("ids", "must not be empty"));
    }
    let ids = ids_as_json(&ids);
    let read = move |data: &Connection| tokens::list(data, &caller, &ids, wanted);
    answer::page(app.database.read(read).await?)
}

async fn update_content(
    State(app): State<Shared>,
    caller: Caller,
    path: PathId<input::Token>,
    Input(request): Input<UpdateTokenContentRequest>,
) -> Answer {
    if request.new_content.as_slice().is_empty() {
        return Err(ApiError::invalid("newContent", "must not be empty"));
    }
    check_content("newContent", &request.new_content)?;
    let write = move |change: &Change<'_>| {
        tokens::update_content(
            change,
            &caller,
            &path.id,
            &request.new_content,
            request.password.as_ref(),
        )
    };
    answer::ok(app.database.write(write).await??)
}

async fn remove(State(app): State<Shared>, caller: Caller, path: PathId<input::Token>) -> Answer {
    let write = move |change: &Change<'_>| tokens::delete(change, &caller, &path.id);
    app.database.write(write).await?;
    answer::no_content()
}

//! Files.

use std::ops::RangeInclusive;

use axum::{
    Router,
    extract::State,
    http::header,
    response::IntoResponse,
    routing::{get, patch, post},
};
use rusqlite::Connection;
use tessera_backbone_api::{
    Bytes, error_codes,
    files::{OwnershipTokenRequest, form},
    limits,
};

use super::relationship_templates::check_is_future;
use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::Caller,
        error::ApiError,
        form::MultipartForm,
        input::{self, IdKind, Input, PathId},
        query::{Query, ids_as_json},
    },
    rules::ownership_tokens,
    store::{
        Change,
        files::{self, NewFile},
    },
};

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/files", post(upload).get(list))
        .route("/files/{id}", get(download).delete(remove))
        .route("/files/{id}/metadata", get(metadata))
        .route(
            "/files/{id}/regenerateownershiptoken",
            patch(regenerate_ownership_token),
        )
        .route("/files/{id}/claimownership", patch(claim_ownership))
        .route(
            "/files/{id}/validateownershiptoken",
            post(validate_ownership_token),
        )
}

async fn upload(State(app): State<Shared>, caller: Caller, mut form: MultipartForm) -> Answer {
    let new = NewFile {
        cipher: form.take(form::CONTENT)?,
        cipher_hash: form.bytes(form::CIPHER_HASH)?,
        owner_signature: form.bytes(form::OWNER_SIGNATURE)?,
        expires_at: form.date(form::EXPIRES_AT)?,
        encrypted_properties: form.bytes(form::ENCRYPTED_PROPERTIES)?,
    };
    if !(1..=limits::MAX_FILE_BYTES).contains(&new.cipher.len()) {
        return Err(ApiError::rule(
            error_codes::INCLUSIVE_BETWEEN_VALIDATOR,
            "'content': must have 1 byte to 10 MiB",
        ));
    }
    check_length(
        form::CIPHER_HASH,
        &new.cipher_hash,
        1..=limits::MAX_CIPHER_HASH_BYTES,
    )?;
    check_length(
        form::OWNER_SIGNATURE,
        &new.owner_signature,
        1..=limits::MAX_OWNER_SIGNATURE_BYTES,
    )?;
    check_length(
        form::ENCRYPTED_PROPERTIES,
        &new.encrypted_properties,
        0..=limits::MAX_ENCRYPTED_PROPERTIES_BYTES,
    )?;
    check_is_future(form::EXPIRES_AT, new.expires_at, app.now())?;
    let write = move |change: &Change<'_>| files::upload(change, &caller, new);
    answer::created(app.database.write(write).await?)
}

fn check_length(
    property: &str,
    bytes: &Bytes,
    allowed: RangeInclusive<usize>,
) -> Result<(), ApiError> {
    if allowed.contains(&bytes.as_slice().len()) {
        return Ok(());
    }
    let (min, max) = allowed.into_inner();
    Err(ApiError::invalid(
        property,
        &format!("must have {min} to {max} bytes"),
    ))
}

async fn download(State(app): State<Shared>, _caller: Caller, path: PathId<input::File>) -> Answer {
    let now = app.now();
    let read = move |data: &Connection| files::cipher(data, &path.id, now);
    let cipher = app.database.read(read).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], cipher).into_response())
}

async fn metadata(State(app): State<Shared>, _caller: Caller, path: PathId<input::File>) -> Answer {
    let now = app.now();
    let read = move |data: &Connection| files::metadata(data, &path.id, now);
    answer::ok(app.database.read(read).await?)
}

async fn list(State(app): State<Shared>, caller: Caller, query: Query) -> Answer {
    let wanted = query.page()?;
    let ids = query.ids("files", input::File::PREFIX)?;
    let ids = (!ids.is_empty()).then(|| ids_as_json(&ids));
    let now = app.now();
    let read = move |data: &Connection| files::list(data, &caller, ids.as_deref(), now, wanted);
    answer::page(app.database.read(read).await?)
}

async fn remove(State(app): State<Shared>, caller: Caller, path: PathId<input::File>) -> Answer {
    let write = move |change: &Change<'_>| files::delete(change, &caller, &path.id);
    app.database.write(write).await?;
    answer::no_content()
}

async fn regenerate_ownership_token(
    State(app): State<Shared>,
    caller: Caller,
    path: PathId<input::File>,
) -> Answer {
    let write =
        move |change: &Change<'_>| files::regenerate_ownership_token(change, &caller, &path.id);
    answer::ok(app.database.write(write).await?)
}

async fn validate_ownership_token(
    State(app): State<Shared>,
    caller: Caller,
    path: PathId<input::File>,
    Input(request): Input<OwnershipTokenRequest>,
) -> Answer {
    check_ownership_token(&request)?;
    let write = move |change: &Change<'_>| {
        files::validate_ownership_token(change, &caller, &path.id, &request.ownership_token)
    };
    answer::ok(app.database.write(write).await?)
}

async fn claim_ownership(
    State(app): State<Shared>,
    caller: Caller,
    path: PathId<input::File>,
    Input(request): Input<OwnershipTokenRequest>,
) -> Answer {
    check_ownership_token(&request)?;
    let write = move |change: &Change<'_>| {
        files::claim_ownership(change, &caller, &path.id, &request.ownership_token)
    };
    answer::ok(app.database.write(write).await??)
}

fn check_ownership_token(request: &OwnershipTokenRequest) -> Result<(), ApiError> {
    if ownership_tokens::is_form(&request.ownership_token) {
        return Ok(());
    }
    Err(ApiError::invalid(
        "ownershipToken",
        "Invalid ownership token.",
    ))
}

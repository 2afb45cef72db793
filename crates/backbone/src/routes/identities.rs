//! Identities.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use tessera_backbone_api::{
    SecretText, challenges::SignedChallenge, error_codes, identities::CreateIdentityRequest,
};
use tessera_core_types::Address;

use crate::{
    app::{App, Shared},
    http::{
        answer::{self, Answer},
        caller::Caller,
        error::ApiError,
        input::{Input, is_id_form},
        query::Query,
    },
    rules::{challenge, languages, passwords},
    store::{
        Change,
        identities::{self, Client, NewIdentity},
    },
};
use rusqlite::Connection;

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/identities", post(create))
        .route("/identities/isdeleted", get(is_deleted))
        .route("/identities/self", get(own))
}

async fn create(State(app): State<Shared>, Input(request): Input<CreateIdentityRequest>) -> Answer {
    if !super::authentication::is_client(&app, &request.client_id, &request.client_secret) {
        // Status 400, unlike everywhere else.
        return Err(ApiError::rule(
            error_codes::UNAUTHORIZED,
            "The specified client credentials are invalid.",
        ));
    }
    if request.identity_public_key.as_slice().is_empty() {
        return Err(ApiError::invalid("identityPublicKey", "must not be empty"));
    }
    let language = request
        .device_communication_language
        .unwrap_or_else(|| languages::DEFAULT.to_owned());
    check_device(
        &request.device_password,
        &request.signed_challenge,
        &language,
    )?;
    let public_key = challenge::read_public_key(&request.identity_public_key)?;
    let challenge_id = challenge::check_signature(&request.signed_challenge, &public_key)?;
    let address = Address::of_key(&public_key, &app.settings.host_name);
    let max_identities = app.settings.configuration.max_identities_per_client;
    {
        let (address, challenge_id) = (address.clone(), challenge_id.clone());
        let (client_id, now) = (request.client_id.clone(), app.now());
        let check = move |data: &Connection| {
            let client = Client {
                id: &client_id,
                max_identities,
            };
            identities::check_new(data, &address, &challenge_id, &client, now)
        };
        app.database.read(check).await?;
    }
    let new = NewIdentity {
        address,
        public_key,
        client_id: request.client_id,
        max_identities_of_client: max_identities,
        version: request.identity_version,
        challenge_id,
        password_hash: hash_password(&app, request.device_password).await?,
        communication_language: language,
    };
    let write = move |change: &Change<'_>| identities::create(change, new);
    answer::created(app.database.write(write).await?)
}

/// Checks what the first and every other device of an identity is made of.
pub(super) fn check_device(
    password: &SecretText,
    signed_challenge: &SignedChallenge,
    language: &str,
) -> Result<(), ApiError> {
    if password.expose().is_empty() {
        return Err(ApiError::invalid("devicePassword", "must not be empty"));
    }
    challenge::check_form(signed_challenge)?;
    languages::check(language)
}

/// Checks the password of a new device and makes what is stored of it.
pub(super) async fn hash_password(app: &App, password: SecretText) -> Result<String, ApiError> {
    match passwords::objection(password.expose(), app.settings.password_rule) {
        Some(objection) => Err(ApiError::rule(error_codes::REGISTRATION_FAILED, objection)),
        None => app.hasher.hash(password).await,
    }
}

async fn is_deleted(State(app): State<Shared>, query: Query) -> Answer {
    let username = query.required("username")?.trim().to_owned();
    if !is_id_form("USR", &username) {
        return Err(ApiError::invalid_id("username"));
    }
    let now = app.now();
    let read = move |data: &Connection| identities::is_deleted(data, &username, now);
    answer::ok(app.database.read(read).await?)
}

async fn own(State(app): State<Shared>, caller: Caller) -> Answer {
    let read = move |data: &Connection| identities::get(data, &caller.address);
    answer::ok(app.database.read(read).await?)
}

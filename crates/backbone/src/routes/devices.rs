//! Devices and their push registrations.

use axum::{
    Router,
    extract::State,
    routing::{delete, get, post, put},
};
use serde::de::IgnoredAny;
use tessera_backbone_api::{
    devices::{
        ChangePasswordRequest, CreateDeviceRequest, CreatedDevice, RegisterPushRequest,
        RegisterPushResponse, UpdateDeviceRequest,
    },
    error_codes, limits,
};

use super::identities::{check_device, hash_password};
use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::Caller,
        error::ApiError,
        input::{self, IdKind, Input, PathId},
        query::{Query, ids_as_json},
    },
    rules::{challenge, languages, passwords},
    store::{
        Change, challenges,
        devices::{self, NewDevice},
        identities, push,
    },
};
use rusqlite::Connection;

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/devices", post(create).get(list))
        .route("/devices/self", get(own).put(update))
        .route("/devices/self/password", put(change_password))
        .route("/devices/{id}", delete(remove))
        .route(
            "/devices/self/pushnotifications",
            put(register_push).delete(remove_push),
        )
        .route(
            "/devices/self/pushnotifications/sendtestnotification",
            post(send_test_notification),
        )
}

async fn create(
    State(app): State<Shared>,
    caller: Caller,
    Input(request): Input<CreateDeviceRequest>,
) -> Answer {
    let language = request
        .communication_language
        .unwrap_or_else(|| languages::DEFAULT.to_owned());
    let signed_challenge = request.signed_challenge;
    check_device(&request.device_password, &signed_challenge, &language)?;
    let address = caller.address.clone();
    let now = app.now();
    app.database
        .read(move |data| {
            let public_key = identities::public_key(data, &address)?;
            let challenge_id = challenge::check_signature(&signed_challenge, &public_key)?;
            challenges::check(data, &challenge_id, now)
        })
        .await?;
    let new = NewDevice {
        address: caller.address,
        created_by: Some(caller.device),
        password_hash: hash_password(&app, request.device_password).await?,
        communication_language: language,
        is_backup_device: request.is_backup_device.unwrap_or_default(),
    };
    let device = app
        .database
        .write(move |change| devices::insert(change, new))
        .await?;
    answer::created(CreatedDevice {
        id: device.id,
        username: device.username,
        created_at: device.created_at,
        created_by_device: device.created_by_device,
        is_backup_device: device.is_backup_device,
    })
}

async fn list(State(app): State<Shared>, caller: Caller, query: Query) -> Answer {
    let wanted = query.page()?;
    let ids = query.ids("devices", input::Device::PREFIX)?;
    let ids = (!ids.is_empty()).then(|| ids_as_json(&ids));
    let read =
        move |data: &Connection| devices::list(data, &caller.address, ids.as_deref(), wanted);
    answer::page(app.database.read(read).await?)
}

async fn own(State(app): State<Shared>, caller: Caller) -> Answer {
    let read = move |data: &Connection| devices::get(data, &caller.device);
    answer::ok(app.database.read(read).await?)
}

async fn update(
    State(app): State<Shared>,
    caller: Caller,
    Input(request): Input<UpdateDeviceRequest>,
) -> Answer {
    let language = request.communication_language;
    languages::check(&language)?;
    let write = move |change: &Change<'_>| devices::set_language(change, &caller.device, &language);
    app.database.write(write).await?;
    answer::no_content()
}

async fn change_password(
    State(app): State<Shared>,
    caller: Caller,
    Input(request): Input<ChangePasswordRequest>,
) -> Answer {
    for (property, password) in [
        ("oldPassword", &request.old_password),
        ("newPassword", &request.new_password),
    ] {
        if password.expose().is_empty() {
            return Err(ApiError::invalid(property, "must not be empty"));
        }
    }
    let refused = |reason| Err(ApiError::rule(error_codes::CHANGE_PASSWORD_FAILED, reason));
    let device = caller.device.clone();
    let old_hash = app
        .database
        .read(move |data| devices::password_hash(data, &device))
        .await?;
    if !app.hasher.verify(request.old_password, old_hash).await? {
        return refused("Incorrect password.");
    }
    let objection = passwords::objection(request.new_password.expose(), app.settings.password_rule);
    if let Some(objection) = objection {
        return refused(objection);
    }
    let hash = app.hasher.hash(request.new_password).await?;
    let write =
        move |change: &Change<'_>| devices::set_password_hash(change, &caller.device, &hash);
    app.database.write(write).await?;
    answer::no_content()
}

async fn remove(State(app): State<Shared>, caller: Caller, path: PathId<input::Device>) -> Answer {
    let write = move |change: &Change<'_>| devices::delete(change, &caller, &path.id);
    app.database.write(write).await?;
    answer::no_content()
}

async fn register_push(
    State(app): State<Shared>,
    caller: Caller,
    Input(request): Input<RegisterPushRequest>,
) -> Answer {
    if !["fcm", "apns", "dummy", "sse"].contains(&request.platform.as_str()) {
        return Err(ApiError::invalid("platform", "unknown platform"));
    }
    let length = request.handle.chars().count();
    if !(limits::MIN_PUSH_HANDLE_CHARS..=limits::MAX_PUSH_HANDLE_CHARS).contains(&length) {
        return Err(ApiError::invalid(
            "handle",
            "must have 10 to 500 characters",
        ));
    }
    if request.app_id.is_empty() {
        return Err(ApiError::invalid("appId", "must not be empty"));
    }
    let is_pushed = ["fcm", "apns"].contains(&request.platform.as_str());
    let known = &app.settings.configuration.push_app_ids;
    if is_pushed && !known.contains(&request.app_id) {
        return Err(ApiError::rule(
            error_codes::UNSUPPORTED_APP_ID,
            "There is no push service for this app.",
        ));
    }
    let write = move |change: &Change<'_>| push::register(change, &caller.device, &request);
    let device_push_identifier = app.database.write(write).await?;
    answer::ok(RegisterPushResponse {
        device_push_identifier,
    })
}

async fn remove_push(State(app): State<Shared>, caller: Caller) -> Answer {
    let write = move |change: &Change<'_>| push::remove(change, &caller.device);
    app.database.write(write).await?;
    answer::no_content()
}

/// Any JSON will do; nothing is pushed.
async fn send_test_notification(_caller: Caller, Input(_any): Input<IgnoredAny>) -> Answer {
    answer::no_content()
}

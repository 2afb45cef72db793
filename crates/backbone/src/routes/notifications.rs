//! Notifications.

use axum::{Router, extract::State, routing::post};
use rusqlite::Connection;
use tessera_backbone_api::{error_codes, limits, notifications::SendNotificationRequest};

use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::Caller,
        error::ApiError,
        input::Input,
    },
    store::notifications,
};

pub fn routes() -> Router<Shared> {
    Router::new().route("/notifications", post(send))
}

async fn send(
    State(app): State<Shared>,
    caller: Caller,
    Input(request): Input<SendNotificationRequest>,
) -> Answer {
    if !(1..=limits::MAX_NOTIFICATION_RECIPIENTS).contains(&request.recipients.len()) {
        return Err(ApiError::invalid(
            "recipients",
            "must have 1 to 100 entries",
        ));
    }
    if request.code.is_empty() {
        return Err(ApiError::invalid("code", "must not be empty"));
    }
    let recipients = request.recipients;
    let read = move |data: &Connection| notifications::check_recipients(data, &caller, &recipients);
    app.database.read(read).await?;
    let codes = &app.settings.notification_codes;
    if !codes.contains(&request.code) {
        return Err(ApiError::rule(
            error_codes::CODE_DOES_NOT_EXIST,
            format!(
                "The given message code does not exist. Valid message codes are: {}",
                codes.join(", ")
            ),
        ));
    }
    answer::no_content()
}

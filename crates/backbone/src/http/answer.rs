//! Successful answers.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tessera_backbone_api::{Envelope, Pagination};

use super::error::ApiError;
use crate::store::page::Page;

/// The content type of every JSON answer; the runtime compares it literally.
pub const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// What every handler returns.
pub type Answer = Result<Response, ApiError>;

/// 200 with a body.
pub fn ok<T: Serialize>(result: T) -> Answer {
    enveloped(StatusCode::OK, result, None)
}

/// 201 with a body.
pub fn created<T: Serialize>(result: T) -> Answer {
    enveloped(StatusCode::CREATED, result, None)
}

/// 204.
pub fn no_content() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// 200 with one page of a list.
pub fn page<T: Serialize>(page: Page<T>) -> Answer {
    let pagination = page.pagination();
    enveloped(StatusCode::OK, page.records, pagination)
}

fn enveloped<T: Serialize>(
    status: StatusCode,
    result: T,
    pagination: Option<Pagination>,
) -> Answer {
    json(status, &Envelope { result, pagination })
}

/// Any JSON, without the envelope.
pub fn json<T: Serialize>(status: StatusCode, body: &T) -> Answer {
    let body = serde_json::to_vec(body).map_err(ApiError::unexpected)?;
    Ok((status, [(header::CONTENT_TYPE, JSON)], body).into_response())
}

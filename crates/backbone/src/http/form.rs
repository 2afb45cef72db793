//! Bodies of forms with files.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, Multipart, Request},
};
use tessera_backbone_api::{Bytes, limits};
use tessera_core_types::CoreDate;

use super::error::ApiError;
use crate::app::Shared;

/// More fields than any form of the API has.
const MAX_FIELDS: usize = 20;

/// The fields of a form; their names are matched without regard to case.
pub struct MultipartForm {
    fields: Vec<(String, Vec<u8>)>,
}

impl FromRequest<Shared> for MultipartForm {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, limits::MAX_REQUEST_BYTES)
            .await
            .map_err(|_| ApiError::too_large())?;
        let request = Request::from_parts(parts, Body::from(body));
        let mut form = Multipart::from_request(request, app)
            .await
            .map_err(|_| ApiError::unparsable("$", "not a form of the type multipart/form-data"))?;
        let mut fields = Vec::new();
        let broken = |_| ApiError::unparsable("$", "the form is broken");
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let value = field.bytes().await.map_err(broken)?;
            fields.push((name, value.into()));
            if fields.len() > MAX_FIELDS {
                return Err(ApiError::unparsable("$", "too many fields"));
            }
        }
        Ok(Self { fields })
    }
}

impl MultipartForm {
    /// The bytes of a field, which must be there.
    pub fn take(&mut self, name: &str) -> Result<Vec<u8>, ApiError> {
        let field = self
            .fields
            .iter_mut()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        field
            .map(|(_, value)| std::mem::take(value))
            .ok_or_else(|| ApiError::unparsable(name, "The property is required."))
    }

    fn text(&mut self, name: &str) -> Result<String, ApiError> {
        String::from_utf8(self.take(name)?).map_err(|_| ApiError::unparsable(name, "not UTF-8"))
    }

    /// A field with bytes as base64.
    pub fn bytes(&mut self, name: &str) -> Result<Bytes, ApiError> {
        let text = self.text(name)?;
        Bytes::from_text(text.trim()).ok_or_else(|| ApiError::unparsable(name, "not base64"))
    }

    /// A field with a date.
    pub fn date(&mut self, name: &str) -> Result<CoreDate, ApiError> {
        let text = self.text(name)?;
        CoreDate::parse(text.trim()).map_err(|_| ApiError::unparsable(name, "not a date"))
    }
}

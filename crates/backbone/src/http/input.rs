//! Bodies, ids in paths, and the datawallet header.

use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use tessera_backbone_api::{SUPPORTED_DATAWALLET_VERSION_HEADER, error_codes, limits};
use tessera_core_types::ID_LENGTH;

use super::{error::ApiError, json};
use crate::app::Shared;

/// A JSON body.
pub struct Input<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for Input<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _app: &Shared) -> Result<Self, ApiError> {
        let body = to_bytes(request.into_body(), limits::MAX_REQUEST_BYTES)
            .await
            .map_err(|_| ApiError::too_large())?;
        read_json(&body).map(Self)
    }
}

/// Reads a JSON body.
pub fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    json::from_slice(body).map_err(|error| {
        if is_id_error(&error.reason) && error.property.starts_with("attachments.") {
            // The real Backbone lets the name of its rule out here.
            ApiError::rule(
                error_codes::PREDICATE_VALIDATOR,
                format!("'{}': not the id of a file", error.property),
            )
        } else if is_id_error(&error.reason) {
            ApiError::invalid_id(&error.property)
        } else {
            ApiError::unparsable(&error.property, &error.reason)
        }
    })
}

/// Whether a text that should be an id or address had the right type but is not one, which the
/// real Backbone tells apart from a wrong type. Those types say so in their texts only.
fn is_id_error(reason: &str) -> bool {
    use tessera_core_types::{Address, IdError};
    let address = Address::parse("").map_err(|error| error.to_string());
    let checksum = tessera_core_types::AddressError::Checksum.to_string();
    let id = IdError { prefix: "" }.to_string();
    let id_start = id.split_once('…').map_or(id.as_str(), |(start, _)| start);
    reason.starts_with(id_start) || address.is_err_and(|text| text == reason) || reason == checksum
}

/// Whether a text can be the id of a record: prefix, letters and digits, at most 20. A shorter one
/// than the server makes is not wrong, there just is no such record.
pub fn is_id_form(prefix: &str, text: &str) -> bool {
    text.len() <= ID_LENGTH
        && text.starts_with(prefix)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The kind of record that a path names.
pub trait IdKind {
    /// What its ids start with.
    const PREFIX: &'static str;
}

macro_rules! id_kinds {
    ($($name:ident = $prefix:literal;)*) => {$(
        pub struct $name;
        impl IdKind for $name {
            const PREFIX: &'static str = $prefix;
        }
    )*};
}

id_kinds! {
    Challenge = "CHL";
    DeletionProcess = "IDP";
    Device = "DVC";
    File = "FIL";
    Message = "MSG";
    Relationship = "REL";
    RelationshipTemplate = "RLT";
    SyncRun = "SYR";
    Token = "TOK";
}

/// The id in a path.
pub struct PathId<K> {
    pub id: String,
    kind: std::marker::PhantomData<K>,
}

impl<K: IdKind> FromRequestParts<Shared> for PathId<K> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let Path(id) = Path::<String>::from_request_parts(parts, app)
            .await
            .map_err(|_| ApiError::invalid_id("id"))?;
        if is_id_form(K::PREFIX, &id) {
            Ok(Self {
                id,
                kind: std::marker::PhantomData,
            })
        } else {
            Err(ApiError::invalid_id("id"))
        }
    }
}

/// The highest datawallet version that the client understands; 0 when it does not say.
pub struct SupportedDatawalletVersion(pub u16);

impl FromRequestParts<Shared> for SupportedDatawalletVersion {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _app: &Shared) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(SUPPORTED_DATAWALLET_VERSION_HEADER) else {
            return Ok(Self(0));
        };
        let version = value
            .to_str()
            .ok()
            .and_then(|text| text.trim().parse().ok());
        version.map(Self).ok_or_else(|| {
            ApiError::unparsable(
                "X-Supported-Datawallet-Version",
                "expected a number from 0 to 65535",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use tessera_core_types::{Address, TokenId};

    use super::*;

    #[test]
    fn errors_of_ids_and_addresses_are_told_from_other_errors() {
        let id = TokenId::parse("TOK").map_err(|error| error.to_string());
        assert!(id.is_err_and(|reason| is_id_error(&reason)));
        for text in ["x", "did:e:localhost:dids:3a29ae5c1f591bbd9a2aab"] {
            let address = Address::parse(text).map_err(|error| error.to_string());
            assert!(address.is_err_and(|reason| is_id_error(&reason)), "{text}");
        }
        assert!(!is_id_error("expected a string, found number"));
    }

    #[test]
    fn a_short_id_is_an_id_but_no_other_text_is() {
        assert!(is_id_form("TOK", "TOKabc"));
        for text in ["abc", "TOK-bc", "TOKaaaaaaaaaaaaaaaaaa", "tokabc"] {
            assert!(!is_id_form("TOK", text), "{text}");
        }
    }
}

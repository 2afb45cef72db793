//! How an answer gets to the peer.

use tessera_content::{
    RelationshipCreationContent, RequestSourceType, Response, ResponseResult, ResponseWrapper,
};

use crate::model::{LocalRequest, LocalRequestSource, RelationshipStatus};

/// What carries an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Delivery {
    /// A Message to the peer.
    Message(ResponseWrapper),
    /// A new Relationship on the Request's template.
    Relationship(RelationshipCreationContent),
    /// Nothing is sent: a template's maker does not learn that its Request was rejected. The
    /// Request is completed with that.
    Nothing,
}

/// What carries the Response to a received Request: it goes back the way the Request came, and
/// over the Relationship where there is an active one. `relationship` is the status of the newest
/// one with the peer.
#[must_use]
pub fn delivery(
    request: &LocalRequest,
    relationship: Option<RelationshipStatus>,
    response: &Response,
) -> Delivery {
    let wrapped = |request_source_reference: &str, request_source_type| {
        Delivery::Message(ResponseWrapper {
            request_id: response.request_id.clone(),
            request_source_reference: request_source_reference.to_owned(),
            request_source_type,
            response: response.clone(),
        })
    };
    match &request.source {
        Some(LocalRequestSource::Message { reference }) => {
            wrapped(reference.as_str(), RequestSourceType::Message)
        }
        Some(LocalRequestSource::RelationshipTemplate { reference })
            if relationship == Some(RelationshipStatus::Active) =>
        {
            wrapped(reference.as_str(), RequestSourceType::RelationshipTemplate)
        }
        Some(LocalRequestSource::RelationshipTemplate { .. })
            if response.result == ResponseResult::Accepted =>
        {
            Delivery::Relationship(RelationshipCreationContent {
                response: response.clone(),
            })
        }
        Some(LocalRequestSource::RelationshipTemplate { .. }) | None => Delivery::Nothing,
    }
}

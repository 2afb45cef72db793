//! Storing a Request that arrived: what it becomes, and when it is refused.

use std::borrow::Cow;

use tessera_content::Request;
use tessera_core_types::{Address, CoreDate, RequestId};

use super::{
    error::code,
    life::{expire, expiry_of_template_request, require_decision},
};
use crate::model::{LocalRequest, LocalRequestSource, LocalRequestStatus, RelationshipStatus};

/// A Request that arrived.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    /// The maker of the template or the sender of the Message that it came in.
    pub peer: Address,
    /// What is asked.
    pub content: Request,
    /// What it came in.
    pub source: LocalRequestSource,
    /// When the template expires; `None` for a Message.
    pub template_expires_at: Option<CoreDate>,
}

/// What is known where a Request arrives.
#[derive(Debug, Clone)]
pub struct Arrival<'a> {
    /// This identity.
    pub me: &'a Address,
    /// Now.
    pub now: CoreDate,
    /// The status of the newest Relationship to the peer, whatever it is; `None` without one.
    pub relationship: Option<RelationshipStatus>,
    /// Whether a Request (received or own) is stored under the id that the Request brings.
    pub is_id_taken: bool,
    /// An id that no Request has, for one that brings none.
    pub new_id: RequestId,
}

/// Why a Request that arrived is not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReceived {
    /// Its id is that of another one. (The same Message may also have been read twice.)
    #[error("a Request with this id is there already")]
    DuplicateId,
    /// It is in an own Message or an own template (upstream throws without a code).
    #[error("the Request came from this identity itself")]
    OwnSource,
}

impl NotReceived {
    /// enmeshed's code, or one of this wallet.
    #[must_use]
    pub fn code(&self) -> Cow<'static, str> {
        match self {
            Self::DuplicateId => code::DUPLICATE_ID,
            Self::OwnSource => code::OWN_SOURCE,
        }
        .into()
    }
}

/// What a Request that arrived is stored as: waiting for a decision, `Expired` if its time was
/// over before it came, or `Open` if it contains something that this version does not understand.
///
/// A Request in a Message keeps its id; one of a template gets the new id here, and expires with
/// its template unless a Relationship exists.
///
/// # Errors
///
/// [`NotReceived`]; nothing is stored then.
pub fn receive(
    received: ReceivedRequest,
    arrival: &Arrival<'_>,
) -> Result<LocalRequest, NotReceived> {
    if received.peer == *arrival.me {
        return Err(NotReceived::OwnSource);
    }
    let mut content = received.content;
    let id = match &received.source {
        LocalRequestSource::RelationshipTemplate { .. } => {
            // The receiving side names it.
            content.id = None;
            content.expires_at = expiry_of_template_request(
                content.expires_at,
                received.template_expires_at,
                arrival.relationship,
            );
            arrival.new_id.clone()
        }
        LocalRequestSource::Message { .. } => match &content.id {
            Some(_) if arrival.is_id_taken => return Err(NotReceived::DuplicateId),
            Some(id) => id.clone(),
            None => arrival.new_id.clone(),
        },
    };
    let mut request = LocalRequest {
        id,
        is_own: false,
        peer: received.peer,
        created_at: arrival.now,
        content,
        source: Some(received.source),
        response: None,
        status: LocalRequestStatus::Open,
        status_log: Vec::new(),
        was_automatically_decided: false,
    };
    expire(&mut request, arrival.now);
    require_decision(&mut request, arrival.now);
    Ok(request)
}

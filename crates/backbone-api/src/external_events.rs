//! External events: what happened elsewhere and concerns an identity. Delivered once, to whichever
//! of its devices starts a sync run next (`GET SyncRuns/{id}/ExternalEvents`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tessera_core_types::{
    Address, CoreDate, ExternalEventId, FileId, IdentityDeletionProcessId, MessageId,
    RelationshipId, RelationshipTemplateId, TokenId,
};

/// An external event as it travels: `{id, type, index, createdAt, syncErrorCount, payload}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(from = "Raw", into = "Raw")]
pub struct ExternalEvent {
    /// Its id.
    pub id: ExternalEventId,
    /// Counts the identity's events from 0; the order of delivery.
    pub index: i64,
    /// When it happened.
    pub created_at: CoreDate,
    /// How often devices failed on it; with 3 it is not delivered again.
    pub sync_error_count: u32,
    /// What happened.
    pub content: ExternalEventContent,
}

/// What happened: an event's type and payload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(tag = "type", content = "payload", rename_all_fields = "camelCase")]
pub enum ExternalEventContent {
    /// The peer created, accepted, rejected, revoked, terminated or decomposed.
    RelationshipStatusChanged {
        /// Which relationship.
        relationship_id: RelationshipId,
    },
    /// The peer asks to reactivate.
    RelationshipReactivationRequested {
        /// Which relationship.
        relationship_id: RelationshipId,
    },
    /// The peer accepted, rejected or revoked a reactivation.
    RelationshipReactivationCompleted {
        /// Which relationship.
        relationship_id: RelationshipId,
    },
    /// A message came.
    MessageReceived {
        /// Which message.
        id: MessageId,
    },
    /// A template of the own identity was loaded as often as it may be.
    RelationshipTemplateAllocationsExhausted {
        /// Which template.
        relationship_template_id: RelationshipTemplateId,
    },
    /// The peer started the deletion of its identity.
    PeerToBeDeleted {
        /// The relationship with it.
        relationship_id: RelationshipId,
        /// The end of its grace period; absent from older servers.
        deletion_date: Option<CoreDate>,
    },
    /// The peer cancelled that.
    PeerDeletionCancelled {
        /// The relationship with it.
        relationship_id: RelationshipId,
    },
    /// The peer is gone.
    PeerDeleted {
        /// The relationship with it.
        relationship_id: RelationshipId,
        /// When; absent from older servers.
        deletion_date: Option<CoreDate>,
    },
    /// Too many wrong passwords for a token of the own identity.
    TokenLocked {
        /// Which token.
        token_id: TokenId,
    },
    /// A wrong ownership token was used on a file of the own identity.
    FileOwnershipLocked {
        /// Which file.
        file_id: FileId,
    },
    /// Somebody took over a file.
    FileOwnershipClaimed {
        /// Which file.
        file_id: FileId,
        /// Who.
        new_owner_address: Address,
    },
    /// A peer's app supports something else than before.
    PeerFeatureFlagsChanged {
        /// Which peer.
        peer_address: Address,
    },
    /// Somebody else started the deletion of the own identity.
    IdentityDeletionProcessStarted {
        /// Which process.
        deletion_process_id: IdentityDeletionProcessId,
    },
    /// Somebody else changed the deletion of the own identity.
    IdentityDeletionProcessStatusChanged {
        /// Which process.
        deletion_process_id: IdentityDeletionProcessId,
    },
    /// Not for serde, which [`ExternalEvent`] goes around: a type that is not known here, or a payload that is not what its type says. To be taken
    /// note of without an error.
    #[serde(skip)]
    Unknown {
        /// The type as it came.
        event_type: String,
        /// The payload as it came.
        payload: Value,
    },
}

impl ExternalEventContent {
    /// Puts a type and its payload together; never fails, see [`ExternalEventContent::Unknown`].
    #[must_use]
    pub fn from_parts(event_type: String, payload: Value) -> Self {
        let tagged = json!({ "type": event_type, "payload": payload });
        Self::deserialize(tagged).unwrap_or(Self::Unknown {
            event_type,
            payload,
        })
    }

    /// The type and the payload as they travel.
    #[must_use]
    pub fn into_parts(self) -> (String, Value) {
        if let Self::Unknown {
            event_type,
            payload,
        } = self
        {
            return (event_type, payload);
        }
        // A known event always serialises: its fields are texts and dates.
        let mut tagged = serde_json::to_value(self).unwrap_or_default();
        let event_type = tagged["type"].as_str().unwrap_or_default().to_owned();
        (event_type, tagged["payload"].take())
    }
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Raw {
    id: ExternalEventId,
    r#type: String,
    index: i64,
    created_at: CoreDate,
    #[serde(default)]
    sync_error_count: u32,
    #[serde(default)]
    payload: Value,
}

impl From<Raw> for ExternalEvent {
    fn from(raw: Raw) -> Self {
        Self {
            id: raw.id,
            index: raw.index,
            created_at: raw.created_at,
            sync_error_count: raw.sync_error_count,
            content: ExternalEventContent::from_parts(raw.r#type, raw.payload),
        }
    }
}

impl From<ExternalEvent> for Raw {
    fn from(event: ExternalEvent) -> Self {
        let (r#type, payload) = event.content.into_parts();
        Self {
            id: event.id,
            r#type,
            index: event.index,
            created_at: event.created_at,
            sync_error_count: event.sync_error_count,
            payload,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const KNOWN: &str = r#"{"id":"SYIaaaaaaaaaaaaaaaaa","type":"PeerDeleted","index":4,"createdAt":"2026-08-20T09:00:00.000Z","syncErrorCount":1,"payload":{"relationshipId":"RELaaaaaaaaaaaaaaaaa","deletionDate":"2026-08-20T09:00:00.000Z"}}"#;

    #[test]
    fn known_events_keep_their_form() {
        let event: ExternalEvent = serde_json::from_str(KNOWN).unwrap();
        assert!(matches!(
            event.content,
            ExternalEventContent::PeerDeleted { .. }
        ));
        assert_eq!(serde_json::to_string(&event).unwrap(), KNOWN);
    }

    #[test]
    fn unknown_types_and_unreadable_payloads_are_kept_whole() {
        for (from, to) in [
            ("PeerDeleted", "PeerMoved"),
            ("RELaaaaaaaaaaaaaaaaa", "not an id"),
        ] {
            let text = KNOWN.replace(from, to);
            let event: ExternalEvent = serde_json::from_str(&text).unwrap();
            assert!(matches!(
                event.content,
                ExternalEventContent::Unknown { .. }
            ));
            assert_eq!(serde_json::to_string(&event).unwrap(), text);
        }
    }
}

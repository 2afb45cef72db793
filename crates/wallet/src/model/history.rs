//! What happened, step by step.

use tessera_core_types::{
    Address, AttributeId, CoreDate, RelationshipId, RelationshipTemplateId, RequestId,
};

use super::HistoryEvent;

/// Something that happened. Records are only ever added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRecord {
    /// When.
    pub at: CoreDate,
    /// What.
    pub event: HistoryEvent,
    /// With whom.
    pub peer: Option<Address>,
    /// The template it belongs to.
    pub template_id: Option<RelationshipTemplateId>,
    /// The Request it belongs to.
    pub request_id: Option<RequestId>,
    /// The Relationship it belongs to.
    pub relationship_id: Option<RelationshipId>,
    /// The Attribute it belongs to.
    pub attribute_id: Option<AttributeId>,
    /// The code of a failure.
    pub code: Option<String>,
}

impl HistoryRecord {
    /// A record that belongs to nothing yet; the fields are public to add to it.
    #[must_use]
    pub fn new(at: CoreDate, event: HistoryEvent) -> Self {
        Self {
            at,
            event,
            peer: None,
            template_id: None,
            request_id: None,
            relationship_id: None,
            attribute_id: None,
            code: None,
        }
    }
}

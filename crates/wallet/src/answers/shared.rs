//! What the answer to a ShareAttributeRequestItem brings: the peer has the Attribute now.

use tessera_content::ShareAttributeRequestItem;
use tessera_core_types::AttributeId;

use super::{AnswerError, Books, ID_IN_USE};
use crate::{
    model::{AttributeKind, LocalAttributeShareInfo, ShareDirection, ShareReference},
    requests::Change,
};

/// The own Attribute that an item shares.
pub(crate) fn shared_id(item: &ShareAttributeRequestItem) -> Option<&AttributeId> {
    item.attribute_id
        .as_ref()
        .or(item.source_attribute_id.as_ref())
}

impl Books<'_> {
    /// Writes down that the peer has what an item shares. `copy` is the id that a peer which
    /// speaks v6 made for it. An Attribute that is not here any more means nothing.
    pub(super) fn shared(
        &mut self,
        item: &ShareAttributeRequestItem,
        copy: Option<&AttributeId>,
    ) -> Result<(), AnswerError> {
        let Some(own) = shared_id(item).and_then(|id| self.known(id)).cloned() else {
            return Ok(());
        };
        let is_own = matches!(
            own.kind,
            AttributeKind::OwnIdentityAttribute
                | AttributeKind::OwnRelationshipAttribute
                | AttributeKind::PeerRelationshipAttribute
        );
        if !is_own {
            return Ok(());
        }
        if copy.is_some_and(|id| *id != own.id && self.known(id).is_some()) {
            return self.refuse(ID_IN_USE, "the id belongs to another Attribute");
        }
        let peer = self.answer.peer;
        match own.living_forward_to(peer) {
            Some(share) if share.deletion_info.is_some() => {
                let cleared = LocalAttributeShareInfo {
                    deletion_info: None,
                    ..share.clone()
                };
                self.record(Change::UpdateShareInfo(cleared));
            }
            Some(_) => {}
            None => {
                let initial_attribute_peer = own.origin().map(|origin| origin.peer.clone());
                let share = LocalAttributeShareInfo {
                    attribute_id: own.id.clone(),
                    direction: ShareDirection::Forwarded,
                    peer: peer.clone(),
                    source_reference: ShareReference::Request(self.request_id.clone()),
                    shared_at: Some(self.answer.now),
                    initial_attribute_peer,
                    deletion_info: None,
                    forwarding_details_id: Some(self.ids.forwarding_details_id()),
                    wire_attribute_id: copy.unwrap_or(&own.id).clone(),
                };
                self.record(Change::CreateShareInfo(share));
            }
        }
        Ok(())
    }
}

//! What the answer to a DeleteAttributeRequestItem brings: whether the peer is going to delete it.

use tessera_content::RequestItem;
use tessera_core_types::{AttributeId, CoreDate};

use super::Books;
use crate::{
    model::{DeletionInfo, DeletionStatus},
    own_requests::mark,
};

impl Books<'_> {
    /// An item that is not accepted: the peer keeps what it was asked to delete.
    pub(super) fn not_accepted(&mut self, asked: &RequestItem) {
        if let RequestItem::DeleteAttribute(item) = asked {
            let now = self.answer.now;
            self.mark(
                &item.attribute_id,
                DeletionStatus::DeletionRequestRejected,
                now,
            );
        }
    }

    pub(super) fn mark(
        &mut self,
        id: &AttributeId,
        deletion_status: DeletionStatus,
        deletion_date: CoreDate,
    ) {
        let info = DeletionInfo {
            deletion_status,
            deletion_date,
        };
        for change in mark(&self.holdings, id, self.answer.peer, info) {
            self.record(change);
        }
    }
}

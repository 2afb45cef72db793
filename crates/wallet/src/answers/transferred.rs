//! What the answer to a TransferFileOwnershipRequestItem brings: the File is the peer's now.

use tessera_content::{Attribute, IdentityAttribute, Reference, TransferFileOwnershipRequestItem};
use tessera_core_types::AttributeId;

use super::{AnswerError, Books, INVALID};

impl Books<'_> {
    /// Stores the peer's Attribute that refers to the File. It must refer to the one that was
    /// offered.
    pub(super) fn transferred(
        &mut self,
        item: &TransferFileOwnershipRequestItem,
        id: &AttributeId,
        attribute: &IdentityAttribute,
    ) -> Result<(), AnswerError> {
        let file = |text: &str| Reference::parse(text).ok().map(|reference| reference.id);
        let referred = attribute.value.text("value").and_then(file);
        let is_of_file = attribute.value.value_type() == "IdentityFileReference";
        if !is_of_file || referred.is_none() || referred != file(&item.file_reference) {
            return self.refuse(INVALID, "the Attribute is not the File's that was offered");
        }
        self.receive(id, &Attribute::Identity(attribute.clone()), None)
    }
}

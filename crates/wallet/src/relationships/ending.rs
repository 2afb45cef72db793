//! What a Relationship leaves behind when this side deletes it: nothing but the history.

use tessera_core_types::Address;

use crate::{
    Result, WalletError,
    model::Relationship,
    store::{self, Transaction},
};

/// Forgets a Relationship that was decomposed, with everything that belongs to it alone (enmeshed:
/// its keys, Messages, templates, Requests, and what each side has of the other).
///
/// A Message that others got as well stays; the peer's address in it becomes the one that stands
/// for whoever is gone.
pub(crate) fn forget(transaction: &Transaction<'_>, relationship: &Relationship) -> Result<()> {
    let peer = &relationship.peer.address;
    let [pseudonym, _] = Address::of_deleted_identity(peer.hostname());
    let code = WalletError::NoRelationshipToRecipient;
    store::outbox::abandon(transaction, peer, &code.code())?;
    store::messages::forget_peer(transaction, peer, &pseudonym)?;
    store::ended::forget_shared_with(transaction, peer)?;
    store::requests::forget_peer(transaction, peer)?;
    store::templates::forget_of_relationship(transaction, &relationship.template_id, peer)?;
    store::secrets::forget(transaction, relationship.secret_id.as_str())?;
    store::relationships::forget(transaction, &relationship.id)?;
    Ok(())
}

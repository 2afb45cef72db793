//! Taking over what a peer told.

use tessera_content::Notification;
use tessera_core_types::{Address, CoreDate};

use super::{NotificationError, Processed, Received, named_attributes, process};
use crate::{
    Result,
    incoming::apply,
    requests::Holdings,
    store::{self, Transaction},
};

/// Fetches what a Notification names, and makes the changes that it means. Whoever receives the
/// Message calls this once for it: only new versions are recognised when they come twice.
///
/// # Errors
///
/// When the database fails. The inner error says that the Notification is refused; then nothing
/// has changed, and the transaction can go on.
pub(crate) fn receive(
    transaction: &Transaction<'_>,
    peer: &Address,
    notification: &Notification,
    now: CoreDate,
) -> Result<Result<Processed, NotificationError>> {
    let mut named = Vec::new();
    for id in named_attributes(notification) {
        let known = match store::attributes::by_wire_id(transaction, &id, peer)? {
            Some(attribute) => Some(attribute.id),
            None => store::attributes::by_id(transaction, &id)?.map(|attribute| attribute.id),
        };
        if let Some(id) = known {
            named.extend(store::attributes::versions(transaction, &id)?);
        }
    }
    let holdings: Holdings = named.into_iter().collect();
    let processed = match process(Received {
        peer,
        notification,
        holdings: &holdings,
        now,
    }) {
        Ok(processed) => processed,
        Err(error) => return Ok(Err(error)),
    };
    apply(transaction, &processed.changes)?;
    Ok(Ok(processed))
}

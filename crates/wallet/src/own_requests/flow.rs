//! Asking, as far as the database goes.

use tessera_content::{Request, RequestItem};
use tessera_core_types::{Address, CoreDate};

use super::{OwnRequest, OwnRequestError, can_create, needed, sent};
use crate::{
    Result,
    attributes::Contact,
    incoming::{apply, established, look_up},
    requests::Holdings,
    store::{self, Transaction},
    tags::stored_tags,
    views::DecisionCheck,
};

/// Whether a Request can be sent to a peer, or be put into a template (`peer` is `None` then).
///
/// # Errors
///
/// [`crate::WalletError::OwnRequest`] for the first thing that is wrong.
pub(crate) fn check(
    transaction: &Transaction<'_>,
    me: &Address,
    peer: Option<&Address>,
    request: &Request,
    now: CoreDate,
) -> Result<()> {
    match OwnRequestError::first(&tried(transaction, me, peer, request, now)?) {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

/// The same as a tree of the Request's shape.
///
/// # Errors
///
/// When the database fails.
pub(crate) fn tried(
    transaction: &Transaction<'_>,
    me: &Address,
    peer: Option<&Address>,
    request: &Request,
    now: CoreDate,
) -> Result<DecisionCheck> {
    let relationship = match peer {
        Some(peer) => store::relationships::newest_with(transaction, peer)?,
        None => None,
    };
    let mut attributes = Vec::new();
    for lookup in needed(request, me, peer) {
        attributes.extend(look_up(transaction, &lookup)?);
    }
    let holdings: Holdings = attributes.into_iter().collect();
    Ok(can_create(OwnRequest {
        me,
        peer,
        contact: relationship.as_ref().map(Contact::from),
        established: &established(transaction)?,
        request,
        holdings: &holdings,
        tags: stored_tags(transaction)?.as_ref(),
        now,
    }))
}

/// Writes down what sending a Request changes.
///
/// # Errors
///
/// When the database fails.
pub(crate) fn mark_sent(
    transaction: &Transaction<'_>,
    request: &Request,
    peer: &Address,
    now: CoreDate,
) -> Result<()> {
    let mut holdings = Vec::new();
    for item in request.all_items() {
        if let RequestItem::DeleteAttribute(item) = item {
            let id = &item.attribute_id;
            let known = store::attributes::by_wire_id(transaction, id, peer)?;
            let id = known.map_or_else(|| id.clone(), |known| known.id);
            holdings.extend(store::attributes::versions(transaction, &id)?);
        }
    }
    let holdings: Holdings = holdings.into_iter().collect();
    for change in sent(request, peer, &holdings, now) {
        apply(transaction, &change)?;
    }
    Ok(())
}

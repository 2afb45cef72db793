//! Asking, as far as the database goes.

use tessera_content::{Request, RequestItem};
use tessera_core_types::{Address, CoreDate};

use super::{OwnRequest, OwnRequestError, can_create, needed, sent};
use crate::{
    Result,
    attributes::{Contact, given_to},
    incoming::{apply, established, look_up},
    model::LocalAttribute,
    requests::Holdings,
    store::{self, Transaction, attributes::Shares},
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
        attributes.extend(look_up(transaction, &lookup, Shares::All)?);
    }
    if let Some(peer) = peer {
        attributes.extend(to_be_deleted(transaction, request, peer)?);
    }
    let holdings: Holdings = attributes.into_iter().collect();
    Ok(can_create(OwnRequest {
        me,
        peer,
        contact: relationship.as_ref().map(Contact::from),
        established: &established(transaction, &holdings)?,
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
    let holdings: Holdings = to_be_deleted(transaction, request, peer)?
        .into_iter()
        .collect();
    apply(transaction, &sent(request, peer, &holdings, now))
}

/// All versions of what a peer is asked to delete, named by the peer's ids or the own ones.
fn to_be_deleted(
    transaction: &Transaction<'_>,
    request: &Request,
    peer: &Address,
) -> Result<Vec<LocalAttribute>> {
    let mut attributes = Vec::new();
    for item in request.all_items() {
        if let RequestItem::DeleteAttribute(item) = item {
            let id = &item.attribute_id;
            let known = store::attributes::by_wire_id(transaction, id, peer)?;
            let id = known.map_or_else(|| id.clone(), |known| known.id);
            attributes.extend(store::attributes::versions(transaction, &id)?);
        }
    }
    Ok(attributes)
}

/// The Request with the ids under which the peer knows what it is asked to delete: v6 makes an id
/// of its own for what is shared with it.
///
/// # Errors
///
/// When the database fails.
pub(crate) fn in_ids_of(
    transaction: &Transaction<'_>,
    mut request: Request,
    peer: &Address,
) -> Result<Request> {
    for item in request.all_items_mut() {
        if let RequestItem::DeleteAttribute(item) = item {
            let own = store::attributes::by_id(transaction, &item.attribute_id)?;
            let given = own.as_ref().and_then(|own| given_to(own, peer));
            if let Some(share) = given {
                item.attribute_id = share.wire_attribute_id.clone();
            }
        }
    }
    Ok(request)
}

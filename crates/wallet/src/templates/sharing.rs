//! Own templates and Requests share own Attributes only, as they are stored.

use tessera_content::{
    Attribute, Confidentiality, Request, RequestItem, ShareAttributeRequestItem, TemplateContent,
};

use crate::{
    Result, WalletError,
    model::{AttributeKind, LocalAttribute, RelationshipStatus},
    store::{self, Transaction},
};

/// Checks everything that a template is going to share.
///
/// # Errors
///
/// [`WalletError::InvalidRequestItem`] for what is not there, is not this identity's to share, or
/// is not what stands in the item.
pub(super) fn check(transaction: &Transaction<'_>, content: &TemplateContent) -> Result<()> {
    let TemplateContent::Request(content) = content else {
        return Ok(());
    };
    let requests =
        std::iter::once(&content.on_new_relationship).chain(&content.on_existing_relationship);
    for request in requests {
        check_request(transaction, request)?;
    }
    Ok(())
}

/// Checks everything that a Request is going to share.
///
/// # Errors
///
/// As [`check`].
fn check_request(transaction: &Transaction<'_>, request: &Request) -> Result<()> {
    for item in request.all_items() {
        if let RequestItem::ShareAttribute(item) = item {
            check_item(transaction, item)?;
        }
    }
    Ok(())
}

fn check_item(transaction: &Transaction<'_>, item: &ShareAttributeRequestItem) -> Result<()> {
    let refuse = |what| Err(WalletError::InvalidRequestItem(what));
    let Some(id) = &item.attribute_id else {
        return refuse("it does not say which Attribute it shares");
    };
    let Some(own) = store::attributes::by_id(transaction, id)? else {
        return refuse("the Attribute it shares is not here");
    };
    if own.content != item.attribute {
        return refuse("the Attribute with its id says something else");
    }
    match &own.content {
        Attribute::Identity(_) if own.kind != AttributeKind::OwnIdentityAttribute => {
            refuse("what somebody else gave can't be passed on")
        }
        Attribute::Identity(_) if item.initial_attribute_peer.is_some() => {
            refuse("an IdentityAttribute belongs to no Relationship")
        }
        Attribute::Identity(_) => Ok(()),
        Attribute::Relationship(_) => check_of_relationship(transaction, item, &own),
    }
}

/// What belongs to a Relationship can be shown to others while that is established, unless it is
/// private.
fn check_of_relationship(
    transaction: &Transaction<'_>,
    item: &ShareAttributeRequestItem,
    own: &LocalAttribute,
) -> Result<()> {
    let refuse = |what| Err(WalletError::InvalidRequestItem(what));
    let belongs_to_it = matches!(
        own.kind,
        AttributeKind::OwnRelationshipAttribute | AttributeKind::PeerRelationshipAttribute
    );
    let peer = own.origin().filter(|_| belongs_to_it).map(|it| &it.peer);
    let Some(peer) = peer else {
        return refuse("what somebody else gave can't be passed on");
    };
    if item.initial_attribute_peer.as_ref() != Some(peer) {
        return refuse("the Relationship the Attribute belongs to is another one");
    }
    let is_private = own
        .content
        .as_relationship()
        .is_none_or(|content| content.confidentiality == Confidentiality::Private);
    if is_private {
        return refuse("the Attribute it shares is private");
    }
    let relationship = store::relationships::newest_with(transaction, peer)?;
    let is_established = relationship.is_some_and(|relationship| {
        matches!(
            relationship.status,
            RelationshipStatus::Active
                | RelationshipStatus::Terminated
                | RelationshipStatus::DeletionProposed
        )
    });
    if is_established {
        Ok(())
    } else {
        refuse("the Relationship the Attribute belongs to is not established")
    }
}

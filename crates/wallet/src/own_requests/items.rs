//! Whether a single item can be sent.

use std::collections::HashSet;

use tessera_content::{
    Attribute, AttributeQuery, Confidentiality, CreateAttributeRequestItem,
    DeleteAttributeRequestItem, FormFieldSettings, ProposeAttributeRequestItem, QueryParties,
    RequestItem, ShareAttributeRequestItem, ValueKind, check_tags,
};
use tessera_core_types::AttributeId;

use super::checks::{Fault, OwnRequest, bad_item, because, key};
use crate::{
    answers::shared_id,
    model::{AttributeKind, DeletionStatus, LocalAttribute},
    requests::code,
};

/// What stands behind "the item is wrong", as a code of its own.
mod reason {
    pub const KEY_TAKEN: &str = "error.tessera.ownRequest.keyTaken";
    pub const NOT_HERE: &str = "error.tessera.ownRequest.notHere";
    pub const NOT_OURS: &str = "error.tessera.ownRequest.notOurs";
    pub const ALREADY_THERE: &str = "error.tessera.ownRequest.alreadyThere";
    pub const NEWER_THERE: &str = "error.tessera.ownRequest.newerThere";
    pub const OLDER_THERE: &str = "error.tessera.ownRequest.olderThere";
    pub const BELONGS_TO_THEM: &str = "error.tessera.ownRequest.belongsToThem";
    pub const IS_PRIVATE: &str = "error.tessera.ownRequest.isPrivate";
    pub const NOT_THERE: &str = "error.tessera.ownRequest.notThere";
    pub const CANNOT_BE_ANSWERED: &str = "error.tessera.ownRequest.cannotBeAnswered";
    pub const CHARACTERS: &str = "error.consumption.attributes.forbiddenCharactersInAttribute";
    pub const TAGS: &str = "error.consumption.attributes.invalidTags";
}

type Outcome = Result<(), Fault>;

/// The own Attribute that an item is about.
pub(super) fn attribute_of(item: &RequestItem) -> Option<&AttributeId> {
    match item {
        RequestItem::ShareAttribute(item) => shared_id(item),
        RequestItem::DeleteAttribute(item) => Some(&item.attribute_id),
        _ => None,
    }
}

pub(super) fn check(own: OwnRequest<'_>, item: &RequestItem) -> Outcome {
    match item {
        RequestItem::ReadAttribute(read) => {
            query(own, &read.query)?;
            if let AttributeQuery::Relationship(query) = &read.query
                && query.owner.as_ref().is_some_and(|owner| owner != own.me)
            {
                return bad_item("it may ask for what is the recipient's or the sender's only");
            }
            query_tags(own, &read.query)?;
            key_is_free(own, item)
        }
        RequestItem::ProposeAttribute(proposal) => {
            propose(own, proposal)?;
            key_is_free(own, item)
        }
        RequestItem::CreateAttribute(create) => {
            creation(own, create)?;
            key_is_free(own, item)
        }
        RequestItem::ShareAttribute(item) => share(own, item),
        RequestItem::DeleteAttribute(item) => deletion(own, item),
        RequestItem::FormField(item) => form_field(&item.settings),
        RequestItem::Consent(_)
        | RequestItem::Authentication(_)
        | RequestItem::TransferFileOwnership(_) => Ok(()),
        RequestItem::ShareCredentialOffer(_)
        | RequestItem::ShareAuthorizationRequest(_)
        | RequestItem::FreeText(_)
        | RequestItem::RegisterAttributeListener(_)
        | RequestItem::Unknown(_) => bad_item("this wallet does not send items of this type"),
    }
}

fn query(own: OwnRequest<'_>, query: &AttributeQuery) -> Outcome {
    let AttributeQuery::ThirdParty(query) = query else {
        return Ok(());
    };
    for third in query.third_party.iter().flatten() {
        if third == own.me {
            return bad_item("the sender is no third party");
        }
        if Some(third) == own.peer {
            return bad_item("the recipient is no third party");
        }
    }
    Ok(())
}

fn query_tags(own: OwnRequest<'_>, query: &AttributeQuery) -> Outcome {
    let (tags, value_type) = match query {
        AttributeQuery::Identity(query) => (&query.tags, query.value_type.as_str()),
        AttributeQuery::Iql(query) => match &query.attribute_creation_hints {
            Some(hints) => (&hints.tags, hints.value_type.as_str()),
            None => return Ok(()),
        },
        AttributeQuery::Relationship(_) | AttributeQuery::ThirdParty(_) => return Ok(()),
    };
    let tags = tags.as_deref().unwrap_or_default();
    check_tags(tags, value_type, own.tags).or_else(|_| because(reason::TAGS, "a tag is not valid"))
}

fn attribute(own: OwnRequest<'_>, attribute: &Attribute) -> Outcome {
    if attribute.check_characters().is_err() {
        return because(
            reason::CHARACTERS,
            "the Attribute contains characters that are not allowed",
        );
    }
    if attribute.check_tags(own.tags).is_err() {
        return because(reason::TAGS, "a tag is not valid");
    }
    Ok(())
}

/// The key must not be in use in the Relationship.
fn key_is_free(own: OwnRequest<'_>, item: &RequestItem) -> Outcome {
    let taken =
        own.peer
            .zip(key(item, own.peer))
            .is_some_and(|(peer, (owner, key, value_type))| {
                owner.is_some_and(|owner| own.holdings.takes_key(peer, owner, key, value_type))
            });
    if taken {
        return because(
            reason::KEY_TAKEN,
            "the Relationship has an Attribute with this key already",
        );
    }
    Ok(())
}

fn propose(own: OwnRequest<'_>, item: &ProposeAttributeRequestItem) -> Outcome {
    query(own, &item.query)?;
    if let AttributeQuery::Relationship(query) = &item.query
        && query.owner.is_some()
    {
        return bad_item("only the recipient's can be proposed: the owner stays empty");
    }
    query_tags(own, &item.query)?;
    if item.attribute.owner().is_some() {
        return bad_item("only the recipient's can be proposed: the owner stays empty");
    }
    attribute(own, &item.attribute)?;
    let parties = QueryParties {
        me: own.peer.unwrap_or(own.me),
        peer: own.me,
    };
    item.query
        .check_answer(&item.attribute, parties)
        .map_err(|_| Fault {
            code: code::MISMATCH,
            reason: None,
            message: "the proposal does not answer the query",
        })
}

fn creation(own: OwnRequest<'_>, item: &CreateAttributeRequestItem) -> Outcome {
    let owner = item.attribute.owner();
    let is_recipients = owner.is_none() || owner == own.peer;
    if item.attribute.check_characters().is_err() {
        return because(
            reason::CHARACTERS,
            "the Attribute contains characters that are not allowed",
        );
    }
    match &item.attribute {
        Attribute::Identity(_) if !is_recipients => {
            bad_item("what is said about others than the recipient can't be created there")
        }
        Attribute::Relationship(_) if !is_recipients && owner != Some(own.me) => {
            bad_item("it would belong to neither side of the Relationship")
        }
        _ if item.attribute.check_tags(own.tags).is_err() => {
            because(reason::TAGS, "a tag is not valid")
        }
        _ => Ok(()),
    }
}

fn share(own: OwnRequest<'_>, item: &ShareAttributeRequestItem) -> Outcome {
    let Some(found) = shared_id(item).and_then(|id| own.holdings.get(id)) else {
        return because(reason::NOT_HERE, "the Attribute it shares is not here");
    };
    if !is_ours_to_give(found) {
        return because(
            reason::NOT_OURS,
            "what somebody else gave can't be passed on",
        );
    }
    if found.content.value().kind() == ValueKind::V6 {
        return bad_item("only older versions know its value type");
    }
    if found.content != item.attribute {
        return bad_item("the Attribute with its id says something else");
    }
    if own.peer.is_some_and(|peer| has(found, peer)) {
        return because(reason::ALREADY_THERE, "the peer has the Attribute already");
    }
    if let Some(peer) = own.peer {
        let has_it = |version: &&LocalAttribute| version.living_forward_to(peer).is_some();
        if own.holdings.newer_versions(&found.id).iter().any(has_it) {
            return because(
                reason::NEWER_THERE,
                "the peer has a newer version of the Attribute",
            );
        }
        if own.holdings.older_versions(&found.id).iter().any(has_it) {
            return because(
                reason::OLDER_THERE,
                "the peer has an older version: it is told of the new one instead",
            );
        }
    }
    match &found.content {
        Attribute::Identity(_) if item.initial_attribute_peer.is_some() => {
            bad_item("an IdentityAttribute belongs to no Relationship")
        }
        Attribute::Identity(_) => found
            .content
            .check_tags(own.tags)
            .or_else(|_| because(reason::TAGS, "a tag is not valid")),
        Attribute::Relationship(content) => {
            let initial_peer = found.origin().map(|origin| &origin.peer);
            if own.peer.is_some() && initial_peer == own.peer {
                return because(
                    reason::BELONGS_TO_THEM,
                    "the Attribute belongs to the Relationship with the peer",
                );
            }
            if initial_peer.is_none_or(|peer| !own.established.contains(peer)) {
                return Err(Fault {
                    code: code::PENDING_RELATIONSHIP,
                    reason: None,
                    message: "the Relationship the Attribute belongs to is not established",
                });
            }
            if item.initial_attribute_peer.as_ref() != initial_peer {
                return bad_item("the Relationship the Attribute belongs to is another one");
            }
            if own.peer.is_some() && content.owner.as_ref() == own.peer {
                return because(reason::BELONGS_TO_THEM, "the Attribute is the peer's own");
            }
            if content.confidentiality == Confidentiality::Private {
                return because(reason::IS_PRIVATE, "the Attribute it shares is private");
            }
            Ok(())
        }
    }
}

fn deletion(own: OwnRequest<'_>, item: &DeleteAttributeRequestItem) -> Outcome {
    let Some(peer) = own.peer else {
        return bad_item("a template can't ask to delete something");
    };
    let known = own.holdings.known_to(peer, &item.attribute_id);
    let Some(found) = known.or_else(|| own.holdings.get(&item.attribute_id)) else {
        return because(reason::NOT_HERE, "the Attribute to be deleted is not here");
    };
    if !is_ours_to_give(found) {
        return because(reason::NOT_OURS, "what somebody else gave is theirs");
    }
    let belongs_to_it = found.origin().filter(|origin| origin.peer == *peer);
    let can_be_asked = match (found.kind, belongs_to_it) {
        (AttributeKind::OwnRelationshipAttribute, Some(origin)) => {
            !origin.deletion_info.is_some_and(|info| {
                matches!(
                    info.deletion_status,
                    DeletionStatus::ToBeDeletedByRecipient | DeletionStatus::DeletedByRecipient
                )
            })
        }
        (_, Some(_)) => return because(reason::BELONGS_TO_THEM, "the Attribute is the peer's own"),
        (_, None) => has(found, peer),
    };
    if can_be_asked {
        Ok(())
    } else {
        because(
            reason::NOT_THERE,
            "the peer does not have the Attribute, or is going to delete it anyway",
        )
    }
}

fn form_field(settings: &FormFieldSettings) -> Outcome {
    let fits = match settings {
        FormFieldSettings::String { min, max, .. } => in_order(min.as_ref(), max.as_ref()),
        FormFieldSettings::Integer { min, max, .. } => in_order(min.as_ref(), max.as_ref()),
        FormFieldSettings::Double { min, max, .. } => in_order(min.as_ref(), max.as_ref()),
        FormFieldSettings::Selection { options, .. } => {
            let mut seen = HashSet::new();
            !options.is_empty() && options.iter().all(|option| seen.insert(option))
        }
        FormFieldSettings::Boolean | FormFieldSettings::Date | FormFieldSettings::Rating { .. } => {
            true
        }
    };
    if fits {
        Ok(())
    } else {
        because(
            reason::CANNOT_BE_ANSWERED,
            "nobody could answer it: its bounds or options contradict each other",
        )
    }
}

fn in_order<T: PartialOrd>(min: Option<&T>, max: Option<&T>) -> bool {
    min.zip(max).is_none_or(|(min, max)| min <= max)
}

fn is_ours_to_give(attribute: &LocalAttribute) -> bool {
    matches!(
        attribute.kind,
        AttributeKind::OwnIdentityAttribute
            | AttributeKind::OwnRelationshipAttribute
            | AttributeKind::PeerRelationshipAttribute
    )
}

/// Whether the peer has this version and has not promised to delete it.
fn has(attribute: &LocalAttribute, peer: &tessera_core_types::Address) -> bool {
    attribute.living_forward_to(peer).is_some_and(|share| {
        share
            .deletion_info
            .is_none_or(|info| info.deletion_status != DeletionStatus::ToBeDeletedByRecipient)
    })
}

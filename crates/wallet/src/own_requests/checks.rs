//! Whether a Request can be sent: enmeshed's rules in its order.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
    fmt,
};

use tessera_content::{
    Attribute, AttributeQuery, Request, RequestItem, RequestNode, TagCollection,
};
use tessera_core_types::{Address, CoreDate};

use super::items;
use crate::{
    attributes::Contact,
    model::{PeerDeletionStatus, RelationshipStatus},
    requests::{Holdings, Lookup, code},
    views::DecisionCheck,
};

/// A Request that is going to be sent, and everything that decides whether it can be.
#[derive(Debug, Clone, Copy)]
pub struct OwnRequest<'a> {
    /// This identity, which asks.
    pub me: &'a Address,
    /// Who is asked; `None` for a template, which anybody may open.
    pub peer: Option<&'a Address>,
    /// How it stands with the peer; `None` without any Relationship.
    pub contact: Option<Contact>,
    /// Everybody with whom there is a Relationship that is Active, Terminated or
    /// DeletionProposed: only Attributes of such a Relationship are shown to others.
    pub established: &'a BTreeSet<Address>,
    /// What is asked.
    pub request: &'a Request,
    /// The Attributes it touches: what [`needed`] asks for.
    pub holdings: &'a Holdings,
    /// The Backbone's tags; `None` if they were never loaded.
    pub tags: Option<&'a TagCollection>,
    /// Now.
    pub now: CoreDate,
}

/// Why a Request can't be sent: the first thing that is wrong, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRequestError {
    /// enmeshed's code.
    pub code: Cow<'static, str>,
    /// Where: empty for the Request, `[1]` for its second item or group, `[1, 0]` for the first
    /// item of that group.
    pub path: Vec<usize>,
    /// In English, without any value of an Attribute.
    pub message: String,
}

impl OwnRequestError {
    /// The first thing that a check found; `None` when it found nothing.
    #[must_use]
    pub fn first(check: &DecisionCheck) -> Option<Self> {
        let code = check.code.clone()?;
        for (index, inner) in check.items.iter().flatten().enumerate() {
            if let Some(mut error) = Self::first(inner) {
                error.path.insert(0, index);
                return Some(error);
            }
        }
        Some(Self {
            code: code.into(),
            path: Vec::new(),
            message: check.message.clone().unwrap_or_default(),
        })
    }
}

impl fmt::Display for OwnRequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return write!(f, "the Request can't be sent: {}", self.message);
        }
        let path: Vec<String> = self.path.iter().map(usize::to_string).collect();
        let path = path.join(".");
        write!(
            f,
            "item {path} of the Request can't be sent: {}",
            self.message
        )
    }
}

impl std::error::Error for OwnRequestError {}

/// What is wrong with an item or the Request.
pub(super) struct Fault {
    pub code: &'static str,
    /// What is behind the code, where enmeshed's own says no more than that the item is wrong.
    pub reason: Option<&'static str>,
    pub message: &'static str,
}

/// The item itself is wrong.
pub(super) fn bad_item(message: &'static str) -> Result<(), Fault> {
    Err(Fault {
        code: code::BAD_ITEM,
        reason: None,
        message,
    })
}

/// The item itself is wrong, for a reason that a person can do something about.
pub(super) fn because(reason: &'static str, message: &'static str) -> Result<(), Fault> {
    Err(Fault {
        code: code::BAD_ITEM,
        reason: Some(reason),
        message,
    })
}

/// What has to be at hand to check a Request.
#[must_use]
pub fn needed(request: &Request, me: &Address, peer: Option<&Address>) -> Vec<Lookup> {
    let mut lookups = Vec::new();
    for item in request.all_items() {
        lookups.extend(items::attribute_of(item).cloned().map(Lookup::Attribute));
        if let (Some(peer), Some((_, key, _))) = (peer, key(item, Some(me))) {
            lookups.push(Lookup::RelationshipKey {
                key: key.to_owned(),
                peer: Some(peer.clone()),
            });
        }
    }
    lookups.sort();
    lookups.dedup();
    lookups
}

/// Whether a Request can be sent: a tree of its shape.
///
/// What only the Backbone knows is not asked: whether a File whose ownership is offered is this
/// identity's, and its token valid.
#[must_use]
pub fn can_create(own: OwnRequest<'_>) -> DecisionCheck {
    if let Err(fault) = frame(own) {
        return failed(&fault);
    }
    let check = around(
        own.request
            .items
            .iter()
            .map(|node| match node {
                RequestNode::Item(item) => check_item(own, item),
                RequestNode::Group(group) => around(
                    group
                        .items
                        .iter()
                        .map(|item| check_item(own, item))
                        .collect(),
                ),
            })
            .collect(),
    );
    if check.is_success && requires_a_key_twice(own) {
        return failed(&Fault {
            code: code::KEY_TAKEN,
            reason: None,
            message: "it could never be accepted: it requires the same key twice",
        });
    }
    check
}

fn frame(own: OwnRequest<'_>) -> Result<(), Fault> {
    let refuse = |code, message| {
        Err(Fault {
            code,
            reason: None,
            message,
        })
    };
    if own.peer == Some(own.me) {
        return refuse(
            "error.consumption.requests.cannotShareRequestWithYourself",
            "nobody asks oneself",
        );
    }
    if own.request.expires_at.is_some_and(|end| end < own.now) {
        return refuse(
            "error.consumption.requests.cannotCreateRequestWithExpirationDateInPast",
            "its time would be over already",
        );
    }
    if own.peer.is_none() {
        return Ok(());
    }
    let Some(contact) = own.contact else {
        return refuse(
            "error.consumption.requests.missingRelationship",
            "there is no Relationship to the peer",
        );
    };
    if !matches!(
        contact.status,
        RelationshipStatus::Pending | RelationshipStatus::Active
    ) {
        return refuse(
            code::WRONG_RELATIONSHIP_STATUS,
            "the Relationship to the peer is over",
        );
    }
    match contact.peer_deletion {
        Some(PeerDeletionStatus::ToBeDeleted) => refuse(
            code::PEER_IN_DELETION,
            "the peer's identity is going to be deleted",
        ),
        Some(PeerDeletionStatus::Deleted) => {
            refuse(code::PEER_DELETED, "the peer's identity was deleted")
        }
        None => Ok(()),
    }
}

fn check_item(own: OwnRequest<'_>, item: &RequestItem) -> DecisionCheck {
    match items::check(own, item) {
        Ok(()) => result(None, None, None, None),
        Err(fault) => failed(&fault),
    }
}

fn around(items: Vec<DecisionCheck>) -> DecisionCheck {
    let fails = items.iter().any(|item| !item.is_success);
    let code = fails.then_some(code::INHERITED);
    let message = code.map(|_| "something inside is wrong");
    result(code, None, message, Some(items))
}

fn failed(fault: &Fault) -> DecisionCheck {
    result(Some(fault.code), fault.reason, Some(fault.message), None)
}

fn result(
    code: Option<&str>,
    reason: Option<&str>,
    message: Option<&str>,
    items: Option<Vec<DecisionCheck>>,
) -> DecisionCheck {
    DecisionCheck {
        is_success: code.is_none(),
        code: code.map(str::to_owned),
        root_code: reason.map(str::to_owned),
        message: message.map(str::to_owned),
        items,
    }
}

/// Whether accepting all that is required would make two Attributes with the same key, owner and
/// value type.
fn requires_a_key_twice(own: OwnRequest<'_>) -> bool {
    let mut keys = HashSet::new();
    own.request
        .all_items()
        .filter(|item| item.must_be_accepted())
        .filter_map(|item| key(item, own.peer))
        .any(|key| !keys.insert(key))
}

/// Owner, key and value type of the RelationshipAttribute that accepting an item would make. An
/// empty owner is the recipient.
pub(super) fn key<'a>(
    item: &'a RequestItem,
    recipient: Option<&'a Address>,
) -> Option<(Option<&'a Address>, &'a str, &'a str)> {
    let of_query = |query: &'a AttributeQuery| match query {
        AttributeQuery::Relationship(query) => Some((
            query.owner.as_ref().or(recipient),
            query.key.as_str(),
            query.attribute_creation_hints.value_type.as_str(),
        )),
        _ => None,
    };
    match item {
        RequestItem::CreateAttribute(item) => match &item.attribute {
            Attribute::Relationship(content) => Some((
                content.owner.as_ref().or(recipient),
                content.key.as_str(),
                content.value.value_type(),
            )),
            Attribute::Identity(_) => None,
        },
        RequestItem::ReadAttribute(item) => of_query(&item.query),
        RequestItem::ProposeAttribute(item) => of_query(&item.query),
        _ => None,
    }
}

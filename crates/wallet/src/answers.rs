//! What the answer to an own Request means: whether it fits what was asked, and what it brings.
//!
//! Pure: the Request, the Response and what is known of the Attributes it names come in, changes
//! or a refusal go out. The published packages check none of this; a wallet that receives answers
//! must: a hostile peer could leave out required items, answer something else, or give an
//! Attribute under the id of another.

mod deleted;
mod shared;
mod transferred;

use std::{borrow::Cow, collections::BTreeMap};

use tessera_content::{
    Attribute, ProposeAttributeRequestItem, QueryParties, ReadAttributeRequestItem, Request,
    RequestItem, RequestNode, Response, ResponseItem, ResponseItemResult, ResponseNode,
    ResponseResult,
};
use tessera_core_types::{Address, AttributeId, CoreDate, RequestId};

use crate::{
    attributes::succession,
    model::{
        AttributeKind, DeletionStatus, LocalAttribute, LocalAttributeShareInfo, ShareDirection,
        ShareReference,
    },
    requests::{Change, Holdings, IdSource},
};
pub(crate) use shared::shared_id;

/// Why an answer is refused as a whole. Its text holds nothing of the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer does not fit the Request at {}: {what}", place(path))]
pub struct AnswerError {
    /// What is wrong, as a code.
    pub code: Cow<'static, str>,
    /// Where: empty for the Response, then index, then index in the group.
    pub path: Vec<usize>,
    /// What is wrong, in English.
    pub what: &'static str,
}

fn place(path: &[usize]) -> String {
    let path: Vec<String> = path.iter().map(usize::to_string).collect();
    if path.is_empty() {
        "its top".to_owned()
    } else {
        format!("item {}", path.join("."))
    }
}

impl AnswerError {
    /// That the answer as a whole does not fit.
    pub(crate) fn of_the_whole(what: &'static str) -> Self {
        Self {
            code: INVALID.into(),
            path: Vec::new(),
            what,
        }
    }

    /// enmeshed's code where it has one, else ours.
    #[must_use]
    pub fn code(&self) -> Cow<'static, str> {
        self.code.clone()
    }
}

const INVALID: &str = "error.tessera.requests.answerDoesNotFit";
const NUMBER_OF_ITEMS: &str = "error.consumption.requests.decide.validation.invalidNumberOfItems";
const REQUIRED: &str = "error.consumption.requests.decide.validation.mustBeAcceptedItemNotAccepted";
const NOT_FROM_PEER: &str = "error.consumption.attributes.senderIsNotPeerOfSharedAttribute";
const ID_IN_USE: &str = "error.consumption.attributes.successorMustNotYetExist";

/// Everything that decides what an answer means.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// This identity, which asked.
    pub me: &'a Address,
    /// Who answered.
    pub peer: &'a Address,
    /// What was asked.
    pub request: &'a Request,
    /// What was answered.
    pub response: &'a Response,
    /// What [`named_attributes`] asks for, as far as it is here.
    pub known: &'a BTreeMap<AttributeId, LocalAttribute>,
    /// Now.
    pub now: CoreDate,
}

/// The ids of Attributes that a Request shares or wants deleted, or that its answer names: they must
/// be looked up, with all of their versions, before [`changes`].
#[must_use]
pub fn named_attributes(request: &Request, response: &Response) -> Vec<AttributeId> {
    let mut ids: Vec<AttributeId> = request
        .all_items()
        .filter_map(|item| match item {
            RequestItem::ShareAttribute(item) => shared_id(item).cloned(),
            RequestItem::DeleteAttribute(item) => Some(item.attribute_id.clone()),
            _ => None,
        })
        .collect();
    for item in response.all_items() {
        match item {
            ResponseItem::ReadAttributeAccept { attribute_id, .. }
            | ResponseItem::ProposeAttributeAccept { attribute_id, .. }
            | ResponseItem::CreateAttributeAccept { attribute_id }
            | ResponseItem::TransferFileOwnershipAccept { attribute_id, .. }
            | ResponseItem::ShareAttributeAccept { attribute_id }
            | ResponseItem::AttributeAlreadySharedAccept { attribute_id } => {
                ids.push(attribute_id.clone());
            }
            ResponseItem::AttributeSuccessionAccept {
                predecessor_id,
                successor_id,
                ..
            } => ids.extend([predecessor_id.clone(), successor_id.clone()]),
            _ => {}
        }
    }
    ids
}

/// Checks an answer and says what it brings.
///
/// The same answer a second time brings nothing: what is stored already is left as it is. `ids`
/// names new acts of sharing.
///
/// # Errors
///
/// [`AnswerError`] for the first thing that does not fit; then nothing of the answer may be used.
pub fn changes(answer: Answer<'_>, ids: &mut dyn IdSource) -> Result<Vec<Change>, AnswerError> {
    let mut books = Books {
        answer,
        request_id: &answer.response.request_id,
        ids,
        holdings: answer.known.values().cloned().collect(),
        changes: Vec::new(),
        path: Vec::new(),
    };
    books.nodes()?;
    Ok(books.changes)
}

struct Books<'a> {
    answer: Answer<'a>,
    request_id: &'a RequestId,
    ids: &'a mut dyn IdSource,
    /// What is known, with what earlier items of the answer changed.
    holdings: Holdings,
    changes: Vec<Change>,
    path: Vec<usize>,
}

impl Books<'_> {
    fn refuse<T>(
        &self,
        code: impl Into<Cow<'static, str>>,
        what: &'static str,
    ) -> Result<T, AnswerError> {
        Err(AnswerError {
            code: code.into(),
            path: self.path.clone(),
            what,
        })
    }

    fn nodes(&mut self) -> Result<(), AnswerError> {
        let Answer {
            request, response, ..
        } = self.answer;
        if request.items.len() != response.items.len() {
            return self.refuse(NUMBER_OF_ITEMS, "the number of items differs");
        }
        for (index, (asked, given)) in request.items.iter().zip(&response.items).enumerate() {
            self.path = vec![index];
            match (asked, given) {
                (RequestNode::Item(asked), ResponseNode::Item(given)) => self.item(asked, given)?,
                (RequestNode::Group(asked), ResponseNode::Group(given)) => {
                    if asked.items.len() != given.len() {
                        return self.refuse(NUMBER_OF_ITEMS, "the number of items differs");
                    }
                    for (inner, (asked, given)) in asked.items.iter().zip(given).enumerate() {
                        self.path = vec![index, inner];
                        self.item(asked, given)?;
                    }
                }
                _ => return self.refuse(INVALID, "an item answers a group, or the reverse"),
            }
        }
        Ok(())
    }

    fn item(&mut self, asked: &RequestItem, given: &ResponseItem) -> Result<(), AnswerError> {
        let is_accepted = given.result() == Some(ResponseItemResult::Accepted);
        if self.answer.response.result == ResponseResult::Rejected {
            return match given {
                ResponseItem::Reject { .. } => {
                    self.not_accepted(asked);
                    Ok(())
                }
                _ => self.refuse(INVALID, "an item of a rejected Request is not rejected"),
            };
        }
        if !is_accepted {
            return match given.result() {
                None => self.refuse(INVALID, "the answer is of an unknown kind"),
                Some(_) if asked.must_be_accepted() => {
                    self.refuse(REQUIRED, "a required item is not accepted")
                }
                Some(_) => {
                    self.not_accepted(asked);
                    Ok(())
                }
            };
        }
        match (asked, given) {
            (
                RequestItem::ReadAttribute(item),
                ResponseItem::ReadAttributeAccept {
                    attribute_id,
                    attribute,
                    initial_attribute_peer,
                },
            ) => {
                self.check_query(&item.query, attribute)?;
                self.receive(attribute_id, attribute, initial_attribute_peer.as_ref())
            }
            (
                RequestItem::ProposeAttribute(item),
                ResponseItem::ProposeAttributeAccept {
                    attribute_id,
                    attribute,
                },
            ) => {
                self.check_query(&item.query, attribute)?;
                self.receive(attribute_id, attribute, None)
            }
            (
                RequestItem::CreateAttribute(item),
                ResponseItem::CreateAttributeAccept { attribute_id },
            ) => {
                let owner = item.attribute.owner().unwrap_or(self.answer.peer).clone();
                self.receive(
                    attribute_id,
                    &item.attribute.clone().with_owner(owner),
                    None,
                )
            }
            (
                RequestItem::ReadAttribute(ReadAttributeRequestItem { query, .. })
                | RequestItem::ProposeAttribute(ProposeAttributeRequestItem { query, .. }),
                ResponseItem::AttributeAlreadySharedAccept { attribute_id },
            ) => {
                if let Some(known) = self.known(attribute_id) {
                    self.check_query(query, &known.content)?;
                }
                self.already_there(attribute_id)
            }
            (
                RequestItem::CreateAttribute(_),
                ResponseItem::AttributeAlreadySharedAccept { attribute_id },
            ) => self.already_there(attribute_id),
            (
                RequestItem::ReadAttribute(_)
                | RequestItem::ProposeAttribute(_)
                | RequestItem::CreateAttribute(_),
                ResponseItem::AttributeSuccessionAccept {
                    predecessor_id,
                    successor_id,
                    successor_content,
                },
            ) => {
                if let RequestItem::ReadAttribute(ReadAttributeRequestItem { query, .. })
                | RequestItem::ProposeAttribute(ProposeAttributeRequestItem {
                    query, ..
                }) = asked
                {
                    self.check_query(query, successor_content)?;
                }
                self.succeed(predecessor_id, successor_id, successor_content)
            }
            (RequestItem::ShareAttribute(item), ResponseItem::Accept) => self.shared(item, None),
            (
                RequestItem::ShareAttribute(item),
                ResponseItem::AttributeAlreadySharedAccept { attribute_id },
            ) => {
                // The peer may know it under an id of its own, or under that of an older version.
                let copy = Some(attribute_id).filter(|id| self.known(id).is_none());
                self.shared(item, copy)
            }
            (
                RequestItem::ShareAttribute(item),
                ResponseItem::ShareAttributeAccept { attribute_id },
            ) => self.shared(item, Some(attribute_id)),
            (
                RequestItem::Consent(_)
                | RequestItem::Authentication(_)
                | RequestItem::DeleteAttribute(_)
                | RequestItem::ShareCredentialOffer(_)
                | RequestItem::ShareAuthorizationRequest(_),
                ResponseItem::Accept,
            )
            | (RequestItem::FreeText(_), ResponseItem::FreeTextAccept { .. }) => Ok(()),
            (
                RequestItem::DeleteAttribute(item),
                ResponseItem::DeleteAttributeAccept { deletion_date },
            ) => {
                let status = DeletionStatus::ToBeDeletedByRecipient;
                self.mark(&item.attribute_id, status, *deletion_date);
                Ok(())
            }
            (RequestItem::FormField(item), ResponseItem::FormFieldAccept { response }) => {
                if item.settings.accepts(response) {
                    Ok(())
                } else {
                    self.refuse(INVALID, "it is not what the form field asks for")
                }
            }
            (
                RequestItem::TransferFileOwnership(item),
                ResponseItem::TransferFileOwnershipAccept {
                    attribute_id,
                    attribute,
                },
            ) => self.transferred(item, attribute_id, attribute),
            _ => self.refuse(INVALID, "the answer is of another kind than the item"),
        }
    }

    /// Whether an Attribute answers what was asked. Seen from who answered, *they* are "me".
    fn check_query(
        &self,
        query: &tessera_content::AttributeQuery,
        attribute: &Attribute,
    ) -> Result<(), AnswerError> {
        let parties = QueryParties {
            me: self.answer.peer,
            peer: self.answer.me,
        };
        match query.check_answer(attribute, parties) {
            Ok(()) => Ok(()),
            Err(error) => self.refuse(error.code(), "the Attribute does not answer the query"),
        }
    }

    /// Stores an Attribute that the peer gave, under the id that the peer gave it.
    fn receive(
        &mut self,
        id: &AttributeId,
        content: &Attribute,
        initial_attribute_peer: Option<&Address>,
    ) -> Result<(), AnswerError> {
        let attribute = self.received(id, content, initial_attribute_peer, None)?;
        match self.known(id) {
            None => {
                self.record(Change::CreateAttribute(attribute));
                Ok(())
            }
            Some(known) if is_same(known, &attribute) => Ok(()),
            Some(_) => self.refuse(ID_IN_USE, "the id belongs to another Attribute"),
        }
    }

    fn received(
        &self,
        id: &AttributeId,
        content: &Attribute,
        initial_attribute_peer: Option<&Address>,
        succeeds: Option<AttributeId>,
    ) -> Result<LocalAttribute, AnswerError> {
        let Answer { me, peer, now, .. } = self.answer;
        if let Err(error) = content.check_characters() {
            return self.refuse(error.code(), "an Attribute has forbidden characters");
        }
        let Some(owner) = content.owner() else {
            return self.refuse(INVALID, "an Attribute belongs to nobody");
        };
        let kind = match (content, initial_attribute_peer) {
            (Attribute::Identity(_), None) if owner == peer => AttributeKind::PeerIdentityAttribute,
            (Attribute::Relationship(_), None) if owner == me => {
                AttributeKind::OwnRelationshipAttribute
            }
            (Attribute::Relationship(_), None) if owner == peer => {
                AttributeKind::PeerRelationshipAttribute
            }
            (Attribute::Relationship(_), Some(third))
                if owner != me && third != peer && (owner == peer || owner == third) =>
            {
                AttributeKind::ThirdPartyRelationshipAttribute
            }
            _ => {
                return self.refuse(
                    "error.consumption.attributes.wrongOwnerOfAttribute",
                    "an Attribute belongs to somebody else",
                );
            }
        };
        let direction = match kind {
            AttributeKind::OwnRelationshipAttribute | AttributeKind::PeerRelationshipAttribute => {
                ShareDirection::Relationship
            }
            _ => ShareDirection::Received,
        };
        Ok(LocalAttribute {
            id: id.clone(),
            kind,
            content: content.trimmed(),
            created_at: now,
            succeeds,
            succeeded_by: None,
            is_default: false,
            was_viewed_at: None,
            share_info: vec![LocalAttributeShareInfo {
                attribute_id: id.clone(),
                direction,
                peer: peer.clone(),
                source_reference: ShareReference::Request(self.request_id.clone()),
                shared_at: Some(now),
                initial_attribute_peer: initial_attribute_peer.cloned(),
                deletion_info: None,
                forwarding_details_id: None,
                wire_attribute_id: id.clone(),
            }],
        })
    }

    fn known(&self, id: &AttributeId) -> Option<&LocalAttribute> {
        self.holdings.get(id)
    }

    fn record(&mut self, change: Change) {
        self.holdings.apply(&change);
        self.changes.push(change);
    }

    /// The peer says that this side has the Attribute already: a promise to delete it is off. One
    /// that is not here (any more) means nothing.
    fn already_there(&mut self, id: &AttributeId) -> Result<(), AnswerError> {
        let Some(known) = self.known(id) else {
            return Ok(());
        };
        let peer = self.answer.peer;
        let Some(share) = known.origin().filter(|share| share.peer == *peer) else {
            return self.refuse(NOT_FROM_PEER, "it is what somebody else gave");
        };
        let is_promised = share
            .deletion_info
            .is_some_and(|info| info.deletion_status == DeletionStatus::ToBeDeleted);
        if is_promised {
            let cleared = LocalAttributeShareInfo {
                deletion_info: None,
                ..share.clone()
            };
            self.record(Change::UpdateShareInfo(cleared));
        }
        Ok(())
    }

    /// A new version of what the peer gave earlier. An older version that is not here means
    /// nothing.
    fn succeed(
        &mut self,
        predecessor: &AttributeId,
        successor: &AttributeId,
        content: &Attribute,
    ) -> Result<(), AnswerError> {
        let Some(old) = self.known(predecessor).cloned() else {
            return Ok(());
        };
        let origin = old
            .origin()
            .filter(|origin| origin.peer == *self.answer.peer);
        let Some(origin) = origin else {
            return self.refuse(NOT_FROM_PEER, "a new version of what somebody else gave");
        };
        let new = self.received(
            successor,
            content,
            origin.initial_attribute_peer.as_ref(),
            Some(predecessor.clone()),
        )?;
        if let Some(known) = self.known(successor) {
            return if is_same(known, &new) {
                Ok(())
            } else {
                self.refuse(ID_IN_USE, "the id belongs to another Attribute")
            };
        }
        if old.kind != new.kind || old.kind == AttributeKind::OwnRelationshipAttribute {
            return self.refuse(INVALID, "it is no new version of the Attribute it succeeds");
        }
        if let Err(problem) = succession::check(&old, &new.content, false) {
            return self.refuse(problem.code(), "it can't be the next version");
        }
        self.record(Change::SucceedAttribute(new));
        Ok(())
    }
}

/// Whether what is stored is what was answered: then the answer came before.
fn is_same(known: &LocalAttribute, given: &LocalAttribute) -> bool {
    known.kind == given.kind
        && known.content == given.content
        && known.origin().map(|share| &share.peer) == given.origin().map(|share| &share.peer)
}

#[cfg(test)]
mod tests;

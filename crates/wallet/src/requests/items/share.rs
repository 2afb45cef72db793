//! ShareAttributeRequestItem: the peer gives an Attribute, and the person keeps it or does not.

use tessera_content::{AcceptParameters, Attribute, ResponseItem, ShareAttributeRequestItem};
use tessera_core_types::{Address, AttributeId};

use super::{Asked, Item};
use crate::{
    model::{AttributeKind, DeletionStatus, LocalAttribute},
    requests::{
        Holdings, Lookup, Situation,
        error::{Problem, code},
        ledger::Ledger,
        lookup::Lookups,
    },
    views::Ask,
};

impl Item for ShareAttributeRequestItem {
    fn ask(&self, situation: &Situation, _: usize) -> Asked {
        let can_be_accepted = examine(self, situation).is_ok();
        let relationship = self.attribute.as_relationship();
        Asked {
            can_be_accepted,
            first_choice: can_be_accepted.then(AcceptParameters::none),
            ask: Ask::ShareAttribute {
                value: self.attribute.value().to_json(),
                tags: self.attribute.tags().to_vec(),
                owner: self.attribute.owner().cloned(),
                key: relationship.map(|content| content.key.clone()),
                third_party: self.initial_attribute_peer.clone(),
                already_known: known(self, &situation.holdings, situation.peer()).is_some(),
            },
        }
    }

    fn check(&self, situation: &Situation, _: &AcceptParameters) -> Result<(), Problem> {
        examine(self, situation)
    }

    fn perform(
        &self,
        ledger: &mut Ledger<'_>,
        _: &AcceptParameters,
    ) -> Result<ResponseItem, Problem> {
        let peer = ledger.situation.peer();
        if let Some(known) = known(self, ledger.holdings(), peer) {
            let attribute_id = known.id.clone();
            ledger.keep(&attribute_id)?;
            return Ok(ResponseItem::AttributeAlreadySharedAccept { attribute_id });
        }
        check_id(self, ledger.holdings())?;
        let kind = kind(&self.attribute);
        let content = self.attribute.trimmed();
        let initial_peer = self.initial_attribute_peer.as_ref();
        let id = ledger.receive(self.attribute_id.as_ref(), kind, content, initial_peer);
        Ok(if self.is_v6() {
            ResponseItem::ShareAttributeAccept { attribute_id: id }
        } else {
            ResponseItem::Accept
        })
    }

    fn lookups(&self, peer: &Address, lookups: &mut Lookups) {
        lookups.push(Lookup::ReceivedFrom {
            peer: peer.clone(),
            value_type: self.attribute.value_type().to_owned(),
        });
        // Whether the id is free.
        lookups.extend(self.attribute_id.clone().map(Lookup::Attribute));
    }
}

/// Whether it can be accepted, seen by itself.
fn examine(item: &ShareAttributeRequestItem, situation: &Situation) -> Result<(), Problem> {
    check_owner(item, situation)?;
    let tags = item.attribute.check_tags(situation.tags.as_deref());
    tags.map_err(|_| Problem::bad_item("a tag is not valid"))?;
    let date = item.attribute.check_date(situation.today);
    date.map_err(|_| Problem::bad_item("a date lies in the future"))?;
    // (Upstream finds this only while it stores the Attribute.)
    item.attribute.check_characters().map_err(|_| {
        Problem::wrapped(
            code::CHARACTERS,
            "the Attribute contains characters that are not allowed",
        )
    })?;
    match known(item, &situation.holdings, situation.peer()) {
        Some(_) => Ok(()),
        None => check_id(item, &situation.holdings),
    }
}

/// Whether it is the peer's to give: a fact about itself, or something of its Relationship with
/// somebody else. (Upstream finds wrong owners only while it stores the Attribute.)
fn check_owner(item: &ShareAttributeRequestItem, situation: &Situation) -> Result<(), Problem> {
    let (me, peer) = (&situation.me, situation.peer());
    let owner = item.attribute.owner();
    match (&item.attribute, &item.initial_attribute_peer) {
        (Attribute::Identity(_), None) if owner == Some(peer) => Ok(()),
        (Attribute::Identity(_), None) => {
            Err(Problem::bad_item("the Attribute is not about the sender"))
        }
        (Attribute::Identity(_), Some(_)) => Err(Problem::bad_item(
            "an IdentityAttribute belongs to no Relationship",
        )),
        (Attribute::Relationship(_), None) => Err(Problem::bad_item(
            "the Relationship the Attribute belongs to is not named",
        )),
        (Attribute::Relationship(_), Some(third)) if third == peer => Err(Problem::bad_item(
            "the Attribute would belong to a Relationship of the sender with itself",
        )),
        (Attribute::Relationship(_), Some(third))
            if owner != Some(me) && (owner == Some(peer) || owner == Some(third)) =>
        {
            Ok(())
        }
        (Attribute::Relationship(_), Some(_)) => Err(Problem::bad_item(
            "the Attribute belongs to neither side of its Relationship",
        )),
    }
}

/// The id that the sender gives must not be that of something else.
fn check_id(item: &ShareAttributeRequestItem, holdings: &Holdings) -> Result<(), Problem> {
    let is_taken = |id: &AttributeId| holdings.get(id).is_some();
    match &item.attribute_id {
        Some(id) if is_taken(id) => Err(Problem::bad_item("the id belongs to another Attribute")),
        _ => Ok(()),
    }
}

fn kind(attribute: &Attribute) -> AttributeKind {
    match attribute {
        Attribute::Identity(_) => AttributeKind::PeerIdentityAttribute,
        Attribute::Relationship(_) => AttributeKind::ThirdPartyRelationshipAttribute,
    }
}

/// The same from the same peer, unless its owner has deleted it since. Tags do not matter.
fn known<'a>(
    item: &ShareAttributeRequestItem,
    holdings: &'a Holdings,
    peer: &Address,
) -> Option<&'a LocalAttribute> {
    let kind = kind(&item.attribute);
    let given = item.attribute.trimmed();
    holdings.iter().find(|attribute| {
        attribute.kind == kind
            && is_same(&attribute.content, &given)
            && attribute.origin().is_some_and(|origin| {
                let is_deleted = origin
                    .deletion_info
                    .is_some_and(|info| info.deletion_status == DeletionStatus::DeletedByEmitter);
                origin.peer == *peer && !is_deleted
            })
    })
}

fn is_same(known: &Attribute, given: &Attribute) -> bool {
    let key = |attribute: &Attribute| attribute.as_relationship().map(|it| it.key.clone());
    known.owner() == given.owner() && known.value() == given.value() && key(known) == key(given)
}

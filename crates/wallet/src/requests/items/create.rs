//! CreateAttributeRequestItem: the peer made up an Attribute, and the person keeps it as it is or
//! does not. A fact about the person becomes their own, as if they had entered it.

use tessera_content::{
    AcceptParameters, Attribute, CreateAttributeRequestItem, ResponseItem, ValueKind,
};
use tessera_core_types::Address;

use super::{Asked, Item, Key};
use crate::{
    requests::{
        Lookup, Situation,
        error::{Problem, code},
        ledger::{Ledger, check_own_by_value},
        lookup::{Lookups, own_by_value},
    },
    views::Ask,
};

impl Item for CreateAttributeRequestItem {
    fn ask(&self, situation: &Situation, _: usize) -> Asked {
        let can_be_accepted = examine(self, situation).is_ok();
        let owner = self.attribute.owner().unwrap_or(&situation.me);
        let relationship = self.attribute.as_relationship();
        let known = self.attribute.as_identity().and_then(|content| {
            let value = content.value.trimmed();
            situation.holdings.own_with_value(&value)
        });
        Asked {
            can_be_accepted,
            first_choice: can_be_accepted.then(AcceptParameters::none),
            ask: Ask::CreateAttribute {
                value: self.attribute.value().to_json(),
                tags: self.attribute.tags().to_vec(),
                owner: owner.clone(),
                is_own: *owner == situation.me,
                key: relationship.map(|content| content.key.clone()),
                confidentiality: relationship
                    .map(|content| content.confidentiality.as_str().to_owned()),
                already_known: known.is_some(),
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
        let owner = self.attribute.owner().unwrap_or(&ledger.situation.me);
        match self.attribute.clone().with_owner(owner.clone()) {
            Attribute::Identity(content) => {
                let id = ledger.own_by_value(&content)?;
                // The peer knows what it says.
                ledger.give(&id, |attribute_id, _, _| {
                    ResponseItem::CreateAttributeAccept { attribute_id }
                })
            }
            Attribute::Relationship(content) => Ok(ResponseItem::CreateAttributeAccept {
                attribute_id: ledger.create_of_relationship(content)?,
            }),
        }
    }

    fn lookups(&self, peer: &Address, lookups: &mut Lookups) {
        own_by_value(&self.attribute, lookups);
        if let Some(key) = self.attribute.as_relationship().map(|it| it.key.clone()) {
            let peer = Some(peer.clone());
            lookups.push(Lookup::RelationshipKey { key, peer });
        }
    }

    fn key(&self, me: &Address) -> Option<Key> {
        self.attribute
            .as_relationship()
            .map(|content| Key::of(content, me))
    }
}

/// Whether it can be accepted, seen by itself.
fn examine(item: &CreateAttributeRequestItem, situation: &Situation) -> Result<(), Problem> {
    let attribute = &item.attribute;
    // (Upstream finds wrong owners only while it stores the Attribute.)
    let is_of_somebody_else = attribute
        .owner()
        .is_some_and(|owner| *owner != situation.me);
    if is_of_somebody_else && attribute.as_identity().is_some() {
        return Err(Problem::bad_item(
            "the Attribute is not about the recipient",
        ));
    }
    if attribute.value().kind() == ValueKind::V6 {
        return Err(Problem::bad_item(
            "this value type is only known to older versions",
        ));
    }
    attribute
        .check_date(situation.today)
        .map_err(|_| Problem::bad_item("a date lies in the future"))?;
    attribute.check_characters().map_err(|_| {
        Problem::wrapped(
            code::CHARACTERS,
            "the Attribute contains characters that are not allowed",
        )
    })?;
    if let Some(key) = item.key(&situation.me) {
        key.check(item.frame.must_be_accepted, situation)?;
    }
    attribute
        .check_tags(situation.tags.as_deref())
        .map_err(|_| Problem::bad_item("a tag is not valid"))?;
    match attribute {
        Attribute::Identity(content) => check_own_by_value(&situation.holdings, content),
        Attribute::Relationship(_) => Ok(()),
    }
}

//! ProposeAttributeRequestItem: the peer asks for an Attribute and proposes a value. The person
//! takes the proposal, gives an Attribute that is there, or enters another one; the answer carries
//! what was really chosen.

use tessera_content::{
    AcceptParameters, AttributeQuery, ProposeAttributeRequestItem, ResponseItem,
};
use tessera_core_types::Address;

use super::{
    Asked, Item, Key,
    answer::{Answer, condition, looked_through, lookup, lookup_choices},
    read::choice,
};
use crate::{
    model::AttributeKind,
    requests::{
        Situation,
        candidates::{candidates, new_attribute, wanted_tags},
        error::Problem,
        ledger::Ledger,
        lookup::{Lookups, own_by_value},
    },
    views::{Ask, Proposal},
};

fn answer(
    query: &AttributeQuery,
    parameters: &AcceptParameters,
    situation: &Situation,
) -> Result<Answer, Problem> {
    Answer::read(
        parameters.attribute_id(),
        parameters.attribute(),
        parameters.tags(),
        query,
        situation,
    )
}

impl Item for ProposeAttributeRequestItem {
    fn ask(&self, situation: &Situation, most: usize) -> Asked {
        let candidates = candidates(&self.query, situation, most);
        let is_possible = check_owner(self, &situation.me).is_ok();
        let new_attribute = new_attribute(&self.query, situation).filter(|_| is_possible);
        let as_proposed = AcceptParameters::none().with("attribute", self.attribute.to_json());
        let first_choice = if self.check(situation, &as_proposed).is_ok() {
            Some(as_proposed)
        } else {
            candidates.first().map(|first| choice("attributeId", first))
        };
        let existing = self.attribute.as_identity().and_then(|content| {
            let value = content.value.trimmed();
            situation.holdings.own_with_value(&value)
        });
        Asked {
            can_be_accepted: first_choice.is_some() || new_attribute.is_some(),
            first_choice,
            ask: Ask::ProposeAttribute {
                value_type: self.query.value_type().map(str::to_owned),
                tags: wanted_tags(&self.query, situation),
                condition: condition(&self.query).map(|iql| iql.as_str().to_owned()),
                condition_tree: condition(&self.query).map(|iql| iql.condition().clone()),
                looked_through: looked_through(&self.query, situation),
                proposal: Proposal {
                    value: self.attribute.value().to_json(),
                    tags: self.attribute.tags().to_vec(),
                    key: self.attribute.as_relationship().map(|it| it.key.clone()),
                    existing_attribute_id: existing.map(|attribute| attribute.id.clone()),
                    attribute: self.attribute.to_json(),
                },
                candidates,
                new_attribute,
            },
        }
    }

    fn check(&self, situation: &Situation, parameters: &AcceptParameters) -> Result<(), Problem> {
        let answer = answer(&self.query, parameters, situation)?;
        if let Answer::Existing(id, _) = &answer
            && let Some(attribute) = situation.holdings.get(id)
            && attribute.kind != AttributeKind::OwnIdentityAttribute
        {
            return Err(Problem::bad_parameters(
                "only own IdentityAttributes can be given here",
            ));
        }
        check_owner(self, &situation.me)?;
        answer.check(&self.query, self.frame.must_be_accepted, situation)
    }

    fn perform(
        &self,
        ledger: &mut Ledger<'_>,
        parameters: &AcceptParameters,
    ) -> Result<ResponseItem, Problem> {
        let answer = answer(&self.query, parameters, ledger.situation)?;
        answer.give(ledger, |attribute_id, attribute, _| {
            ResponseItem::ProposeAttributeAccept {
                attribute_id,
                attribute,
            }
        })
    }

    fn lookups(&self, peer: &Address, lookups: &mut Lookups) {
        lookup(&self.query, peer, lookups);
    }

    fn lookups_to_ask(&self, peer: &Address, lookups: &mut Lookups) {
        lookup_choices(&self.query, peer, lookups);
        own_by_value(&self.attribute, lookups);
    }

    fn key(&self, me: &Address) -> Option<Key> {
        Key::asked_for(&self.query, me)
    }
}

/// Proposals are about the recipient.
fn check_owner(item: &ProposeAttributeRequestItem, me: &Address) -> Result<(), Problem> {
    match item.key(me) {
        Some(key) if !key.is_own(me) => Err(Problem::bad_item(
            "what is proposed would not be the recipient's",
        )),
        _ => Ok(()),
    }
}

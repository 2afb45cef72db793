//! ReadAttributeRequestItem: the person gives an Attribute that is there, or enters one.

use tessera_content::{AcceptParameters, AttributeQuery, ReadAttributeRequestItem, ResponseItem};
use tessera_core_types::Address;

use super::{
    Asked, Item, Key,
    answer::{Answer, condition, looked_through, lookup, lookup_choices},
};
use crate::{
    requests::{
        Situation,
        candidates::{candidates, new_attribute, wanted_tags},
        error::Problem,
        ledger::Ledger,
        lookup::Lookups,
    },
    views::{Ask, Candidate},
};

fn answer(
    query: &AttributeQuery,
    parameters: &AcceptParameters,
    situation: &Situation,
) -> Result<Answer, Problem> {
    Answer::read(
        parameters.existing_attribute_id(),
        parameters.new_attribute(),
        parameters.tags(),
        query,
        situation,
    )
}

/// The parameters that choose a candidate. `name` is what the kind of item calls its id.
pub(super) fn choice(name: &str, candidate: &Candidate) -> AcceptParameters {
    let choice = AcceptParameters::none().with(name, candidate.attribute_id.as_str());
    match &candidate.add_tags {
        Some(tags) => choice.with("tags", tags.clone()),
        None => choice,
    }
}

impl Item for ReadAttributeRequestItem {
    fn ask(&self, situation: &Situation, most: usize) -> Asked {
        let candidates = candidates(&self.query, situation, most);
        let new_attribute = new_attribute(&self.query, situation);
        let first_choice = candidates
            .first()
            .map(|first| choice("existingAttributeId", first));
        Asked {
            can_be_accepted: first_choice.is_some() || new_attribute.is_some(),
            first_choice,
            ask: Ask::ReadAttribute {
                value_type: self.query.value_type().map(str::to_owned),
                tags: wanted_tags(&self.query, situation),
                condition: condition(&self.query).map(|iql| iql.as_str().to_owned()),
                condition_tree: condition(&self.query).map(|iql| iql.condition().clone()),
                looked_through: looked_through(&self.query, situation),
                candidates,
                new_attribute,
            },
        }
    }

    fn check(&self, situation: &Situation, parameters: &AcceptParameters) -> Result<(), Problem> {
        let is_required = self.frame.must_be_accepted;
        answer(&self.query, parameters, situation)?.check(&self.query, is_required, situation)
    }

    fn perform(
        &self,
        ledger: &mut Ledger<'_>,
        parameters: &AcceptParameters,
    ) -> Result<ResponseItem, Problem> {
        let answer = answer(&self.query, parameters, ledger.situation)?;
        answer.give(ledger, |attribute_id, attribute, initial_attribute_peer| {
            ResponseItem::ReadAttributeAccept {
                attribute_id,
                attribute,
                initial_attribute_peer,
            }
        })
    }

    fn lookups(&self, peer: &Address, lookups: &mut Lookups) {
        lookup(&self.query, peer, lookups);
    }

    fn lookups_to_ask(&self, peer: &Address, lookups: &mut Lookups) {
        lookup_choices(&self.query, peer, lookups);
    }

    fn key(&self, me: &Address) -> Option<Key> {
        Key::asked_for(&self.query, me)
    }
}

//! The kinds of RequestItems, one file each: what it asks, when it can be accepted, what happens
//! then.

mod answer;
mod authentication;
mod consent;
mod create;
mod delete;
mod form_field;
mod free_text;
mod key;
mod not_supported;
mod not_understood;
mod propose;
mod read;
mod share;
mod transfer_file;

use tessera_content::{
    AcceptParameters, Attribute, ContentError, Decision, DecisionNode, RequestItem, ResponseItem,
};
use tessera_core_types::{Address, AttributeId};

use super::{Situation, error::Problem, ledger::Ledger, lookup::Lookups};
use crate::views::Ask;
pub(super) use key::Key;

/// What an item asks, and how it can be answered.
pub(super) struct Asked {
    pub ask: Ask,
    /// Whether there is any way to accept it.
    pub can_be_accepted: bool,
    /// What it is accepted with if the person does not choose otherwise; `None` if they have to
    /// enter something.
    pub first_choice: Option<AcceptParameters>,
}

/// The rules of one kind of RequestItem.
pub(super) trait Item {
    /// What to show, with at most so many candidates.
    fn ask(&self, situation: &Situation, most: usize) -> Asked;

    /// Whether it can be accepted with these parameters, seen by itself.
    fn check(&self, situation: &Situation, parameters: &AcceptParameters) -> Result<(), Problem>;

    /// Accepts it. Fails only where items of the same Request get into each other's way.
    fn perform(
        &self,
        ledger: &mut Ledger<'_>,
        parameters: &AcceptParameters,
    ) -> Result<ResponseItem, Problem>;

    /// What has to be at hand to check and perform an answer, besides what the answer names.
    fn lookups(&self, _peer: &Address, _lookups: &mut Lookups) {}

    /// What has to be at hand to show it. That may be far more: all that could be chosen.
    fn lookups_to_ask(&self, peer: &Address, lookups: &mut Lookups) {
        self.lookups(peer, lookups);
    }

    /// The key that accepting it takes.
    fn key(&self, _me: &Address) -> Option<Key> {
        None
    }
}

/// The rules for an item.
pub(super) fn of(item: &RequestItem) -> &dyn Item {
    match item {
        RequestItem::ReadAttribute(item) => item,
        RequestItem::ProposeAttribute(item) => item,
        RequestItem::CreateAttribute(item) => item,
        RequestItem::ShareAttribute(item) => item,
        RequestItem::DeleteAttribute(item) => item,
        RequestItem::Consent(item) => item,
        RequestItem::Authentication(item) => item,
        RequestItem::FormField(item) => item,
        RequestItem::FreeText(item) => item,
        RequestItem::TransferFileOwnership(item) => item,
        RequestItem::ShareCredentialOffer(_)
        | RequestItem::ShareAuthorizationRequest(_)
        | RequestItem::RegisterAttributeListener(_) => item,
        RequestItem::Unknown(item) => item,
    }
}

/// The parameters of every accepted item of a Decision.
pub(super) fn accepted(decision: &Decision) -> Vec<&AcceptParameters> {
    fn collect<'a>(nodes: &'a [DecisionNode], found: &mut Vec<&'a AcceptParameters>) {
        for node in nodes {
            match node {
                DecisionNode::Accept(parameters) => found.push(parameters),
                DecisionNode::Group(nodes) => collect(nodes, found),
                DecisionNode::Reject(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    collect(&decision.items, &mut found);
    found
}

/// The ids of own Attributes that parameters name.
pub(super) fn named_attributes(
    parameters: &AcceptParameters,
) -> impl Iterator<Item = AttributeId> + use<> {
    [
        parameters.existing_attribute_id(),
        parameters.attribute_id(),
    ]
    .into_iter()
    .filter_map(|id| id.ok().flatten())
}

/// The Attributes that parameters bring.
pub(super) fn entered_attributes(
    parameters: &AcceptParameters,
) -> impl Iterator<Item = Attribute> + use<> {
    [parameters.new_attribute(), parameters.attribute()]
        .into_iter()
        .filter_map(|attribute| attribute.ok().flatten())
}

/// Parameters that can't be read.
fn unreadable(error: &ContentError) -> Problem {
    Problem::unreadable(error.to_string())
}

/// Whether an Attribute that a person enters can be stored: everything that reading it left open.
fn check_enterable(attribute: &Attribute, situation: &Situation) -> Result<(), Problem> {
    if attribute.value().kind() == tessera_content::ValueKind::V6 {
        return Err(Problem::unreadable(
            "this value type is only known to older versions",
        ));
    }
    attribute
        .value()
        .check_date(situation.today)
        .map_err(|error| unreadable(&error))
}

//! DeleteAttributeRequestItem: the peer asks to delete what it gave. Accepting promises a date;
//! nothing is deleted yet.

use tessera_content::{AcceptParameters, DeleteAttributeRequestItem, ResponseItem};
use tessera_core_types::{Address, CoreDate};

use super::{Asked, Item, unreadable};
use crate::{
    model::{AttributeKind, DeletionStatus, LocalAttribute},
    requests::{Holdings, Lookup, Situation, error::Problem, ledger::Ledger, lookup::Lookups},
    views::{Ask, HeldAttribute},
};

impl Item for DeleteAttributeRequestItem {
    fn ask(&self, situation: &Situation, _: usize) -> Asked {
        let found = wanted(self, &situation.holdings, situation.peer());
        let attribute = found.as_ref().ok().copied().flatten();
        // Which date is the person's to say. Without the Attribute there is nothing to say.
        let is_gone = matches!(found, Ok(None));
        let gone = AcceptParameters::none().with("deletionDate", situation.now.to_string());
        Asked {
            can_be_accepted: found.is_ok(),
            first_choice: is_gone.then_some(gone),
            ask: Ask::DeleteAttribute {
                attribute: attribute.map(held),
            },
        }
    }

    fn check(&self, situation: &Situation, parameters: &AcceptParameters) -> Result<(), Problem> {
        promise(self, &situation.holdings, situation, parameters).map(|_| ())
    }

    fn perform(
        &self,
        ledger: &mut Ledger<'_>,
        parameters: &AcceptParameters,
    ) -> Result<ResponseItem, Problem> {
        let promised = promise(self, ledger.holdings(), ledger.situation, parameters)?;
        Ok(match promised {
            None => ResponseItem::Accept,
            Some(deletion_date) => {
                ledger.promise_deletion(&self.attribute_id, deletion_date)?;
                ResponseItem::DeleteAttributeAccept { deletion_date }
            }
        })
    }

    fn lookups(&self, _: &Address, lookups: &mut Lookups) {
        lookups.push(Lookup::Attribute(self.attribute_id.clone()));
    }
}

/// What is to be deleted, `None` if it is not here (any more). Only what the sender itself gave
/// is its to take back.
fn wanted<'a>(
    item: &DeleteAttributeRequestItem,
    holdings: &'a Holdings,
    peer: &Address,
) -> Result<Option<&'a LocalAttribute>, Problem> {
    let Some(attribute) = holdings.get(&item.attribute_id) else {
        return Ok(None);
    };
    let is_received = matches!(
        attribute.kind,
        AttributeKind::PeerIdentityAttribute
            | AttributeKind::PeerRelationshipAttribute
            | AttributeKind::ThirdPartyRelationshipAttribute
    );
    let is_from_peer = attribute
        .origin()
        .is_some_and(|origin| origin.peer == *peer);
    if is_received && is_from_peer {
        Ok(Some(attribute))
    } else {
        Err(Problem::bad_item(
            "the Attribute did not come from the sender",
        ))
    }
}

/// The date that is promised, `None` if there is nothing to delete.
fn promise(
    item: &DeleteAttributeRequestItem,
    holdings: &Holdings,
    situation: &Situation,
    parameters: &AcceptParameters,
) -> Result<Option<CoreDate>, Problem> {
    let given = parameters
        .deletion_date()
        .map_err(|error| unreadable(&error))?
        .ok_or_else(|| Problem::unreadable("deletionDate is missing"))?;
    if wanted(item, holdings, situation.peer())?.is_none() {
        return Ok(None);
    }
    let date = CoreDate::parse(&given)
        .map_err(|_| Problem::bad_parameters("deletionDate is not a date"))?;
    if date < situation.now {
        return Err(Problem::bad_parameters("deletionDate lies in the past"));
    }
    Ok(Some(date))
}

fn held(attribute: &LocalAttribute) -> HeldAttribute {
    let promised = attribute
        .origin()
        .and_then(|origin| origin.deletion_info)
        .filter(|info| info.deletion_status == DeletionStatus::ToBeDeleted);
    HeldAttribute {
        attribute_id: attribute.id.clone(),
        value: attribute.content.value().to_json(),
        tags: attribute.content.tags().to_vec(),
        key: attribute
            .content
            .as_relationship()
            .map(|content| content.key.clone()),
        received_at: attribute.created_at,
        deletion_date: promised.map(|info| info.deletion_date),
    }
}

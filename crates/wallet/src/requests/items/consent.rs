//! ConsentRequestItem: the person agrees to a text, once. Nothing is stored but the Response.

use tessera_content::{AcceptParameters, ConsentRequestItem, ResponseItem};

use super::{Asked, Item};
use crate::{
    requests::{Situation, error::Problem, ledger::Ledger},
    views::Ask,
};

impl Item for ConsentRequestItem {
    fn ask(&self, _: &Situation, _: usize) -> Asked {
        Asked {
            ask: Ask::Consent {
                consent: self.consent.clone(),
                link: self.link.clone(),
                link_display_text: self.link_display_text.clone(),
            },
            can_be_accepted: true,
            first_choice: Some(AcceptParameters::none()),
        }
    }

    fn check(&self, _: &Situation, _: &AcceptParameters) -> Result<(), Problem> {
        Ok(())
    }

    fn perform(&self, _: &mut Ledger<'_>, _: &AcceptParameters) -> Result<ResponseItem, Problem> {
        Ok(ResponseItem::Accept)
    }
}

//! AuthenticationRequestItem: the person confirms that it is them.

use tessera_content::{AcceptParameters, AuthenticationRequestItem, ResponseItem};

use super::{Asked, Item};
use crate::{
    requests::{Situation, error::Problem, ledger::Ledger},
    views::Ask,
};

impl Item for AuthenticationRequestItem {
    fn ask(&self, _: &Situation, _: usize) -> Asked {
        Asked {
            ask: Ask::Authentication,
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

//! Items of an unknown type: shown whole, never answered. A Request with one of them stays Open.

use tessera_content::{AcceptParameters, ResponseItem, UnknownRequestItem};

use super::{Asked, Item};
use crate::{
    requests::{
        Situation,
        error::{Problem, code},
        ledger::Ledger,
    },
    views::Ask,
};

fn problem() -> Problem {
    Problem::new(
        code::NOT_UNDERSTOOD,
        "this version does not understand items of this type",
    )
}

impl Item for UnknownRequestItem {
    fn ask(&self, _: &Situation, _: usize) -> Asked {
        Asked {
            ask: Ask::NotUnderstood {
                raw: self.json.clone(),
            },
            can_be_accepted: false,
            first_choice: None,
        }
    }

    fn check(&self, _: &Situation, _: &AcceptParameters) -> Result<(), Problem> {
        Err(problem())
    }

    fn perform(&self, _: &mut Ledger<'_>, _: &AcceptParameters) -> Result<ResponseItem, Problem> {
        Err(problem())
    }
}

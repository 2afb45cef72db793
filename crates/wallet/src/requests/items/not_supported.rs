//! Items that are understood and never accepted: listeners for Attributes (of v6, which v7 gave
//! up) and the two items of OpenID for credentials. They can be rejected.

use tessera_content::{AcceptParameters, RequestItem, ResponseItem};

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
        code::NOT_SUPPORTED,
        "this wallet never accepts items of this type",
    )
}

impl Item for RequestItem {
    fn ask(&self, _: &Situation, _: usize) -> Asked {
        Asked {
            ask: Ask::NotSupported {
                raw: self.to_json(),
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

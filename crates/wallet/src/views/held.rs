//! Decisions that are held before they are carried out.

use serde::{Deserialize, Serialize};
use tessera_core_types::CoreDate;
use ts_rs::TS;

use crate::{
    model::{HeldDecision, HeldState},
    requests::Verdict,
};

/// A Decision on a Request that is held, or that could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct HeldView {
    /// Whether it is accepted or rejected.
    pub verdict: Verdict,
    /// Where it stands.
    pub state: HeldState,
    /// Since when.
    pub held_at: CoreDate,
    /// When it is carried out.
    pub due_at: CoreDate,
    /// Why it could not be carried out; while it is held, it is tried again.
    pub error_code: Option<String>,
}

impl From<HeldDecision> for HeldView {
    fn from(held: HeldDecision) -> Self {
        Self {
            verdict: held.verdict,
            state: held.state,
            held_at: held.held_at,
            due_at: held.due_at,
            error_code: held.error_code,
        }
    }
}

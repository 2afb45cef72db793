//! Decisions that are made and held.

use serde::{Deserialize, Serialize};
use tessera_content::Decision;
use tessera_core_types::{CoreDate, RequestId};
use ts_rs::TS;

use crate::requests::Verdict;

/// A Decision that is held for some seconds before it is carried out, or that could not be.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldDecision {
    /// Its number: no two are the same one, also of one Request.
    pub number: i64,
    /// The Request that is answered. It waits for a decision as long as this is held.
    pub request_id: RequestId,
    /// Whether it is accepted or rejected.
    pub verdict: Verdict,
    /// The answer.
    pub decision: Decision,
    /// Since when.
    pub held_at: CoreDate,
    /// Until when it can be taken back at least.
    pub due_at: CoreDate,
    /// Where it stands.
    pub state: HeldState,
    /// Why it could not be carried out yet, or finally.
    pub error_code: Option<String>,
}

impl HeldDecision {
    /// Whether the time to take it back is over. A clock that was put back behind the moment at
    /// which it was held must not hold it for ever: then it is over as well.
    #[must_use]
    pub fn is_due_at(&self, now: CoreDate) -> bool {
        self.state == HeldState::Held && (now >= self.due_at || now < self.held_at)
    }
}

/// Where a held Decision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum HeldState {
    /// It will be carried out, and can be taken back.
    Held,
    /// It could not be carried out: the Request waits for the person again.
    Failed,
}

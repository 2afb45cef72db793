//! What is always true in Ada's database, whenever the program was killed.

use tessera_wallet::store::{StoreError, Transaction};

/// What must not be there: a name, and how many there are.
const NEVER: &[(&str, &str)] = &[
    (
        "a decided Request without an answer",
        "SELECT count(*) FROM request
            WHERE is_own = 0 AND status IN ('Decided', 'Completed') AND response IS NULL",
    ),
    (
        "an answer to a Request that is not decided",
        "SELECT count(*) FROM request WHERE is_own = 0 AND response IS NOT NULL
            AND status NOT IN ('Decided', 'Completed', 'Expired')",
    ),
    (
        "a decided Request that nothing delivers, or more than one thing",
        "SELECT count(*) FROM request WHERE is_own = 0 AND status = 'Decided' AND (
            SELECT count(*) FROM outbox
                WHERE subject = request.id AND state IN ('queued', 'sending')) <> 1",
    ),
    (
        "a completed Request that was not delivered exactly once",
        "SELECT count(*) FROM request WHERE is_own = 0 AND status = 'Completed'
            AND json_extract(response, '$.source') IS NOT NULL AND (
            SELECT count(*) FROM outbox
                WHERE subject = request.id AND state = 'delivered') <> 1",
    ),
    (
        "a completed Request that was told nobody, and is no rejected template",
        "SELECT count(*) FROM request WHERE is_own = 0 AND status = 'Completed'
            AND json_extract(response, '$.source') IS NULL
            AND NOT (source_type = 'RelationshipTemplate'
                     AND json_extract(response, '$.content.result') = 'Rejected')",
    ),
    (
        "an answer that is in the outbox twice",
        "SELECT count(*) FROM (
            SELECT subject FROM outbox GROUP BY subject HAVING count(*) > 1)",
    ),
    (
        "a decision without its receipt, or with two",
        "SELECT count(*) FROM request WHERE is_own = 0 AND status IN ('Decided', 'Completed')
            AND (SELECT count(*) FROM receipt WHERE request_id = request.id) <> 1",
    ),
    (
        "a receipt without its decision",
        "SELECT count(*) FROM receipt WHERE NOT EXISTS (
            SELECT 1 FROM request WHERE request.id = receipt.request_id
                AND status IN ('Decided', 'Completed', 'Expired'))",
    ),
    (
        "a receipt that lacks its sending",
        "SELECT count(*) FROM receipt JOIN request ON request.id = receipt.request_id
            WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE subject = receipt.request_id)
              AND NOT (source_type = 'RelationshipTemplate'
                       AND json_extract(response, '$.content.result') = 'Rejected')",
    ),
    (
        "something that is sent without a receipt",
        "SELECT count(*) FROM outbox WHERE subject LIKE 'REQ%' AND NOT EXISTS (
            SELECT 1 FROM receipt WHERE receipt.request_id = outbox.subject)",
    ),
    (
        "something shared by a Request that is not decided",
        "SELECT count(*) FROM local_attribute_share_info AS share
            JOIN request ON request.id = share.request_reference
            WHERE request.status NOT IN ('Decided', 'Completed')",
    ),
    (
        "a decision that is held for a Request that is decided",
        "SELECT count(*) FROM held_decision JOIN request ON request.id = held_decision.request_id
            WHERE request.status NOT IN ('DecisionRequired', 'ManualDecisionRequired')",
    ),
    (
        "a held decision that failed",
        "SELECT count(*) FROM held_decision WHERE state = 'failed'",
    ),
    (
        "an operation that was given up",
        "SELECT count(*) FROM outbox WHERE state = 'failed'",
    ),
    (
        "an operation that waits out of order, or is through and still in the way",
        "SELECT count(*) FROM outbox
            WHERE (state IN ('queued', 'sending')) <> EXISTS (
                SELECT 1 FROM outbox_peer WHERE operation = outbox.id)",
    ),
    (
        "a Message that is not on its way and was not sent",
        "SELECT count(*) FROM message WHERE state = 'queued' AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE kind = 'sendMessage' AND state IN ('queued', 'sending')
                AND json_extract(payload, '$.number') = message.number)",
    ),
    (
        "a reference to nothing",
        "SELECT count(*) FROM pragma_foreign_key_check",
    ),
];

/// Changes that leave something half done.
pub const HARMS: &[&str] = &[
    "UPDATE request SET response = NULL WHERE is_own = 0 AND status = 'Completed'",
    "UPDATE request SET status = 'ManualDecisionRequired' WHERE status = 'Completed'",
    "UPDATE request SET status = 'Decided' WHERE status = 'Completed'",
    "DELETE FROM outbox WHERE subject LIKE 'REQ%'",
    "INSERT INTO outbox (kind, subject, peer, payload, state, attempts, next_attempt_at, created_at)
        SELECT kind, subject, peer, payload, state, attempts, next_attempt_at, created_at FROM outbox",
    "INSERT INTO receipt (request_id, peer, decided_at, content)
        SELECT request_id, peer, decided_at, content FROM receipt",
    "UPDATE outbox SET state = 'queued' WHERE state = 'delivered'",
    "UPDATE message SET state = 'queued' WHERE state = 'sent'",
    "INSERT INTO held_decision (request_id, verdict, decision, held_at, due_at, state)
        SELECT id, 'accept', '{\"items\":[]}', 0, 0, 'held' FROM request
            WHERE status = 'Completed'",
];

/// What is broken; nothing, if all is well.
pub fn broken(transaction: &Transaction<'_>) -> Result<Vec<String>, StoreError> {
    let mut broken = Vec::new();
    for (what, query) in NEVER {
        let count: i64 = transaction.query_row(query, [], |row| row.get(0))?;
        if count > 0 {
            broken.push(format!("{count} × {what}"));
        }
    }
    Ok(broken)
}

/// Why a harm was undone.
#[derive(Debug)]
pub enum Undone {
    /// It was looked at.
    Found { changed: usize, broken: bool },
    /// It could not be done.
    Store(StoreError),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

//! What must hold in a data file at any moment, also after the program was killed: nothing half
//! done, no event without its change, no change without its event.

use std::path::Path;

use rusqlite::Connection;

/// What is looked for; each must find nothing. The load deletes no identities and sets no feature
/// flags.
const MUST_NOT_BE: &[(&str, &str)] = &[
    (
        "a reference into nowhere",
        "SELECT \"table\" FROM pragma_foreign_key_check",
    ),
    (
        "an identity without a device",
        "SELECT address FROM identities WHERE address NOT IN (SELECT address FROM devices)",
    ),
    (
        "a relationship whose log has gaps or leads elsewhere",
        "SELECT r.id FROM relationships r WHERE
             (SELECT group_concat(position) FROM (SELECT position FROM relationship_audit_log
                 WHERE relationship_id = r.id ORDER BY position))
             IS NOT (SELECT group_concat(n) FROM (WITH RECURSIVE c(n) AS (
                 SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 <
                     (SELECT count(*) FROM relationship_audit_log WHERE relationship_id = r.id))
                 SELECT n FROM c))
             OR r.status IS NOT (SELECT new_status FROM relationship_audit_log
                 WHERE relationship_id = r.id ORDER BY position DESC LIMIT 1)
             OR r.decomposed_by_from + r.decomposed_by_to <> (SELECT count(*)
                 FROM relationship_audit_log
                 WHERE relationship_id = r.id AND reason = 'Decomposition')",
    ),
    (
        "a step of a relationship's log that does not follow from the one before",
        "SELECT a.relationship_id FROM relationship_audit_log a WHERE a.old_status IS NOT
             (SELECT b.new_status FROM relationship_audit_log b
              WHERE b.relationship_id = a.relationship_id AND b.position = a.position - 1)",
    ),
    (
        "a change of a relationship without its event, or an event without its change",
        "WITH expected AS (
             SELECT r.id AS id,
                 CASE a.created_by WHEN r.from_address THEN r.to_address ELSE r.from_address END
                     AS owner,
                 CASE WHEN a.reason = 'ReactivationRequested'
                     THEN 'RelationshipReactivationRequested'
                     WHEN a.reason LIKE '%OfReactivation' THEN 'RelationshipReactivationCompleted'
                     ELSE 'RelationshipStatusChanged' END AS type,
                 count(*) AS number
             FROM relationships r JOIN relationship_audit_log a ON a.relationship_id = r.id
             WHERE NOT (a.reason = 'Decomposition' AND a.new_status = 'ReadyForDeletion')
             GROUP BY 1, 2, 3),
         found AS (
             SELECT payload ->> '$.relationshipId' AS id, owner, type, count(*) AS number
             FROM external_events
             WHERE type IN ('RelationshipStatusChanged', 'RelationshipReactivationRequested',
                 'RelationshipReactivationCompleted')
             GROUP BY 1, 2, 3)
         SELECT id FROM (SELECT * FROM expected EXCEPT SELECT * FROM found)
         UNION ALL SELECT id FROM (SELECT * FROM found EXCEPT SELECT * FROM expected)",
    ),
    (
        "a message without recipients",
        "SELECT id FROM messages WHERE id NOT IN (SELECT message_id FROM message_recipients)",
    ),
    (
        "a message without its event, though its recipient may still fetch it",
        "SELECT m.message_id FROM message_recipients m JOIN relationships r
             ON r.id = m.relationship_id
         WHERE NOT m.decomposed_by_recipient AND r.status NOT IN ('Rejected', 'Revoked')
             AND NOT EXISTS (SELECT 1 FROM external_events e
                 WHERE e.owner = m.address AND e.type = 'MessageReceived'
                 AND e.payload ->> '$.id' = m.message_id)
             AND NOT EXISTS (SELECT 1 FROM relationship_audit_log a
                 WHERE a.relationship_id = r.id AND a.new_status IN ('Rejected', 'Revoked'))",
    ),
    (
        "an event of a message without that message, or two of them",
        "SELECT e.id FROM external_events e WHERE e.type = 'MessageReceived' AND (
             NOT EXISTS (SELECT 1 FROM message_recipients m
                 WHERE m.message_id = e.payload ->> '$.id' AND (m.address = e.owner
                     -- Then the address is that of nobody.
                     OR (m.decomposed_by_recipient AND m.decomposed_by_sender)))
             OR 1 < (SELECT count(*) FROM external_events o WHERE o.owner = e.owner
                 AND o.type = 'MessageReceived' AND o.payload = e.payload))",
    ),
    (
        "an event that waits although its relationship is active, or does not although it is not",
        "SELECT e.id FROM external_events e JOIN relationships r ON r.id = e.relationship_id
         WHERE e.is_delivered = 0 AND e.is_blocked
             AND r.status NOT IN ('Pending', 'Terminated', 'DeletionProposed')",
    ),
    (
        "an event out of its owner's count",
        "SELECT e.id FROM external_events e JOIN identities i ON i.address = e.owner
         WHERE e.position >= i.next_event_index OR e.position < 0",
    ),
    (
        "an event that no sync run will deliver, or that was delivered by none",
        "SELECT e.id FROM external_events e LEFT JOIN sync_runs s ON s.id = e.sync_run_id
         WHERE (e.is_delivered = 0 AND e.sync_run_id IS NOT NULL AND s.finalized_at IS NOT NULL)
             OR (e.is_delivered = 1 AND s.finalized_at IS NULL)",
    ),
    (
        "a running sync run that lost events",
        "SELECT s.id FROM sync_runs s WHERE s.finalized_at IS NULL AND s.event_count <>
             (SELECT count(*) FROM external_events e WHERE e.sync_run_id = s.id)",
    ),
    (
        "a datawallet with gaps",
        "SELECT d.address FROM datawallets d WHERE d.next_index <>
             (SELECT count(*) FROM datawallet_modifications m WHERE m.address = d.address)
             OR d.next_index <> coalesce((SELECT max(position) + 1
                 FROM datawallet_modifications m WHERE m.address = d.address), 0)",
    ),
    (
        "a part of what was pushed at once",
        "SELECT collection FROM datawallet_modifications GROUP BY address, collection
         HAVING count(*) <> 3",
    ),
    (
        "a file without its whole cipher",
        "SELECT f.id FROM files f LEFT JOIN file_ciphers c ON c.file_id = f.id
             WHERE c.file_id IS NULL OR length(c.cipher) <> f.cipher_size",
    ),
    (
        "a claim without its event, or an event without its claim",
        "SELECT f.id FROM files f WHERE (f.owner <> f.created_by) <> (SELECT count(*)
             FROM external_events e WHERE e.type = 'FileOwnershipClaimed'
             AND e.owner = f.created_by AND e.payload ->> '$.fileId' = f.id)",
    ),
    (
        "a used-up template without its event, or an event although it is not",
        "SELECT t.id FROM relationship_templates t WHERE
             (coalesce((SELECT count(*) FROM relationship_template_allocations a
                 WHERE a.template_id = t.id) >= t.max_number_of_allocations, 0))
             <> (SELECT count(*) FROM external_events e
                 WHERE e.type = 'RelationshipTemplateAllocationsExhausted'
                 AND e.owner = t.created_by
                 AND e.payload ->> '$.relationshipTemplateId' = t.id)",
    ),
];

/// Looks for everything that must not be.
pub fn broken(data: &Connection) -> Vec<String> {
    let mut found: Vec<String> = data
        .prepare("SELECT integrity_check FROM pragma_integrity_check")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .filter(|line: &String| line != "ok")
        .collect();
    for (what, sql) in MUST_NOT_BE {
        let mut statement = data.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0));
        found.extend(rows.unwrap().map(|id| format!("{what}: {}", id.unwrap())));
    }
    found
}

/// A copy of the files of a Backbone that was killed, opened as the next start would.
pub fn copy(data: &Path, folder: &Path) -> Connection {
    let name = |suffix: &str| {
        let mut path = data.as_os_str().to_owned();
        path.push(suffix);
        path
    };
    let to = folder.join("copy.sqlite");
    // What lies about of an earlier copy belongs to another state.
    for suffix in ["", "-wal", "-shm"] {
        let to = folder.join(format!("copy.sqlite{suffix}"));
        let _ = std::fs::remove_file(&to);
        if suffix != "-shm" && Path::new(&name(suffix)).exists() {
            std::fs::copy(name(suffix), to).unwrap();
        }
    }
    Connection::open(to).unwrap()
}

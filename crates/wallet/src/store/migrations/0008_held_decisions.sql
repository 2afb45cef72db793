-- Decisions that are held for some seconds, so that they can be taken back. A row goes in the
-- transaction that carries its Decision out, and whenever its Request can no longer be decided.

CREATE TABLE held_decision (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT    NOT NULL UNIQUE REFERENCES request (id) ON DELETE CASCADE,
    verdict    TEXT    NOT NULL CHECK (verdict IN ('accept', 'reject')),
    decision   TEXT    NOT NULL,
    held_at    INTEGER NOT NULL,
    due_at     INTEGER NOT NULL CHECK (due_at >= held_at),
    state      TEXT    NOT NULL CHECK (state IN ('held', 'failed')),
    error_code TEXT, -- why it could not be carried out; with 'held' it is tried again
    CHECK (state = 'held' OR error_code IS NOT NULL)
) STRICT;

CREATE INDEX held_decision_by_date ON held_decision (held_at);

-- Whom the operations concern that are not through: one that concerns several peers keeps its order
-- towards each of them.

CREATE TABLE outbox_peer (
    operation INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    peer      TEXT    NOT NULL,
    PRIMARY KEY (operation, peer)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX outbox_peer_by_peer ON outbox_peer (peer, operation);

CREATE TRIGGER outbox_operation_is_through AFTER UPDATE OF state ON outbox
WHEN new.state IN ('delivered', 'failed')
BEGIN
    DELETE FROM outbox_peer WHERE operation = new.id;
END;

INSERT INTO outbox_peer (operation, peer)
    SELECT id, peer FROM outbox WHERE state IN ('queued', 'sending') AND peer <> '';
INSERT INTO outbox_peer (operation, peer)
    SELECT operation.id, recipient.address
        FROM outbox AS operation
        JOIN message_recipient AS recipient
            ON recipient.message = json_extract(operation.payload, '$.number')
        WHERE operation.kind = 'sendMessage' AND operation.peer = ''
          AND operation.state IN ('queued', 'sending');

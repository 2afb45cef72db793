-- What happened with somebody is read a page at a time, in its order, however much was written.

-- The date of the Message; the trigger below keeps it.
ALTER TABLE message_recipient ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;

UPDATE message_recipient
    SET created_at = (SELECT created_at FROM message WHERE number = message_recipient.message);

CREATE TRIGGER message_recipient_has_date AFTER UPDATE OF created_at ON message
WHEN new.created_at <> old.created_at
BEGIN
    UPDATE message_recipient SET created_at = new.created_at WHERE message = new.number;
END;

CREATE INDEX message_recipient_by_date ON message_recipient (address, created_at, message);
CREATE INDEX message_with_files ON message (created_by, created_at)
    WHERE json_array_length(attachments) > 0;

-- What the history tells of somebody beside what is stored elsewhere.

CREATE INDEX history_told ON history (peer, at)
    WHERE peer IS NOT NULL AND event IN (
        'templateLoaded', 'deliveryFailed', 'suspiciousRefused', 'relationshipDecomposed',
        'relationshipSent', 'relationshipReceived', 'relationshipActivated',
        'relationshipRejected', 'relationshipRevoked', 'relationshipChanged', 'requestReceived',
        'requestAccepted', 'requestRejected', 'requestExpired', 'requestSent');

-- Who has one value, what was given last first.

CREATE INDEX given_by_chain ON given (chain, since, id, is_stale);

-- Whose entry it is that words find.

CREATE INDEX search_contact ON search_entry (id, target) WHERE kind = 'contact';

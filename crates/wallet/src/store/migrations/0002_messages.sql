-- Messages: received ones, and own ones from the moment they are written.

CREATE TABLE message (
    number            INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT    UNIQUE, -- the Backbone's; NULL until it has the Message
    state             TEXT    NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'received')),
    created_by        TEXT    NOT NULL,
    created_by_device TEXT    NOT NULL,
    created_at        INTEGER NOT NULL,
    content           TEXT    NOT NULL,
    attachments       TEXT    NOT NULL, -- references with their keys
    was_read_at       INTEGER,
    CHECK (id IS NOT NULL OR state IN ('queued', 'failed'))
) STRICT;

CREATE INDEX message_by_date ON message (created_at);
CREATE INDEX message_by_creator ON message (created_by, created_at);

-- Of a received Message only the own entry.
CREATE TABLE message_recipient (
    message         INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE,
    position        INTEGER NOT NULL,
    address         TEXT    NOT NULL,
    relationship_id TEXT,   -- NULL when this side has deleted the Relationship
    PRIMARY KEY (message, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_recipient_by_address ON message_recipient (address, message);

-- A Request that can't be answered is put away by the person.

ALTER TABLE request ADD COLUMN dismissed_at INTEGER;

-- What a person has entered into a form and not decided yet.

CREATE TABLE request_draft (
    request_id TEXT    PRIMARY KEY REFERENCES request (id) ON DELETE CASCADE,
    draft      TEXT    NOT NULL, -- JSON of the page
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a Message holds, so that lists need not look into it, and why it could not be opened or
-- understood. A 'closed' one is only known to have come.

ALTER TABLE message ADD COLUMN kind TEXT NOT NULL DEFAULT 'other'
    CHECK (kind IN ('mail', 'request', 'response', 'notification', 'other', 'closed'));
ALTER TABLE message ADD COLUMN fault TEXT;

UPDATE message SET kind = CASE json_extract(content, '$."@type"')
    WHEN 'Mail' THEN 'mail'
    WHEN 'Request' THEN 'request'
    WHEN 'ResponseWrapper' THEN 'response'
    WHEN 'Notification' THEN 'notification'
    ELSE 'other' END;

-- The mailbox, in the order in which Messages came or were written. Answers and Notifications are
-- not for reading: they are shown where they belong.

CREATE INDEX message_in_mailbox ON message (number)
    WHERE kind NOT IN ('response', 'notification');
CREATE INDEX message_mail ON message (number) WHERE kind = 'mail';
CREATE INDEX message_unread ON message (number, kind, state, was_read_at)
    WHERE kind NOT IN ('response', 'notification') AND state = 'received' AND was_read_at IS NULL;
CREATE INDEX message_by_sender ON message (created_by);

-- Mails that are being written.

CREATE TABLE mail_draft (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    draft      TEXT    NOT NULL, -- JSON
    changed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX mail_draft_by_date ON mail_draft (changed_at);

-- Files that can be attached: those that were given to the Backbone here, and those of peers that
-- the person passes on.

CREATE TABLE file (
    id        TEXT PRIMARY KEY,
    reference TEXT NOT NULL, -- with its key
    facts     TEXT NOT NULL  -- JSON
) STRICT, WITHOUT ROWID;

-- What is known of attached Files.

CREATE TABLE attachment_facts (
    message INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE,
    file_id TEXT    NOT NULL,
    facts   TEXT    NOT NULL, -- JSON
    PRIMARY KEY (message, file_id)
) STRICT, WITHOUT ROWID;

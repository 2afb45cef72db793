-- Own Messages that the Backbone has, and that not everybody has fetched as far as is known.

CREATE TABLE awaited_message (
    message INTEGER PRIMARY KEY REFERENCES message (number) ON DELETE CASCADE
) STRICT;

INSERT INTO awaited_message (message) SELECT number FROM message WHERE state = 'sent';

CREATE TRIGGER message_is_awaited AFTER UPDATE OF state ON message WHEN new.state = 'sent' BEGIN
    INSERT INTO awaited_message (message) VALUES (new.number) ON CONFLICT (message) DO NOTHING;
END;

-- Who has fetched them, and when, as the Backbone says.

CREATE TABLE fetched_message (
    message INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE,
    address TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (message, address)
) STRICT, WITHOUT ROWID;

-- A Mail that could not be sent is sent again once, as another Message.

CREATE TABLE message_sent_again (
    message   INTEGER PRIMARY KEY REFERENCES message (number) ON DELETE CASCADE,
    successor INTEGER NOT NULL
) STRICT;

-- Files are found by what they say about themselves. An attached one stands for its Message; one that
-- was given to the Backbone here, or is to be passed on, for itself.

CREATE VIEW file_entry AS
SELECT
    id AS target,
    coalesce(json_extract(facts, '$.title'), json_extract(facts, '$.filename')) AS title,
    json_extract(facts, '$.filename')
        || ' ' || coalesce(json_extract(facts, '$.description'), '')
        || ' ' || coalesce((
            SELECT group_concat(tag.value, ' ') FROM json_each(facts, '$.tags') AS tag), '') AS body
FROM file
UNION ALL
SELECT
    message || '/' || file_id,
    coalesce(json_extract(facts, '$.title'), json_extract(facts, '$.filename')),
    json_extract(facts, '$.filename')
        || ' ' || coalesce(json_extract(facts, '$.description'), '')
        || ' ' || coalesce((
            SELECT group_concat(tag.value, ' ') FROM json_each(facts, '$.tags') AS tag), '')
FROM attachment_facts;

CREATE TRIGGER file_is_found AFTER INSERT ON file BEGIN
    INSERT INTO search_entry (kind, target, title, body)
        SELECT 'file', target, title, body FROM file_entry WHERE target = new.id
        ON CONFLICT (kind, target) DO UPDATE SET title = excluded.title, body = excluded.body;
END;

CREATE TRIGGER file_is_found_anew AFTER UPDATE OF facts ON file BEGIN
    INSERT INTO search_entry (kind, target, title, body)
        SELECT 'file', target, title, body FROM file_entry WHERE target = new.id
        ON CONFLICT (kind, target) DO UPDATE SET title = excluded.title, body = excluded.body;
END;

CREATE TRIGGER attachment_is_found AFTER INSERT ON attachment_facts BEGIN
    INSERT INTO search_entry (kind, target, title, body)
        SELECT 'file', target, title, body FROM file_entry
            WHERE target = new.message || '/' || new.file_id
        ON CONFLICT (kind, target) DO UPDATE SET title = excluded.title, body = excluded.body;
END;

CREATE TRIGGER attachment_is_found_no_more AFTER DELETE ON attachment_facts BEGIN
    DELETE FROM search_entry
        WHERE kind = 'file' AND target = old.message || '/' || old.file_id;
END;

INSERT INTO search_entry (kind, target, title, body)
    SELECT 'file', target, title, body FROM file_entry;

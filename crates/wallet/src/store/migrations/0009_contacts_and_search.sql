-- The person's own words for a contact. They stay in this file, and stay when a Relationship ends:
-- nothing that is sent is made of them.

CREATE TABLE contact_note (
    peer        TEXT    PRIMARY KEY,
    title       TEXT,
    notes       TEXT,
    archived_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_tag (
    tag  TEXT NOT NULL,
    peer TEXT NOT NULL,
    PRIMARY KEY (tag, peer)
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_tag_by_peer ON contact_tag (peer, tag);

-- How the code came in that a template was loaded by; NULL where nobody wrote it down.

ALTER TABLE relationship_template ADD COLUMN came_by TEXT
    CHECK (came_by IN ('camera', 'screen', 'picture', 'clipboard', 'link', 'text'));

-- An accepted answer to a template that waits to be sent: the Relationship there will be.

CREATE INDEX request_starting ON request (peer, created_at)
    WHERE status = 'Decided' AND is_own = 0 AND source_type = 'RelationshipTemplate';

-- The contacts as a list, one row for each peer: what is searched, filtered and sorted without
-- reading Relationships. The triggers below keep it.

CREATE TABLE contact (
    id              INTEGER PRIMARY KEY,
    peer            TEXT    NOT NULL UNIQUE,
    relationship_id TEXT,   -- the newest; NULL while it waits to be sent
    request_id      TEXT,   -- the received one whose answer started it
    status          TEXT,   -- of the Relationship
    standing        TEXT    NOT NULL CHECK (standing IN ('waiting', 'active', 'ended')),
    is_own          INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    name            TEXT,   -- what the peer calls itself
    is_archived     INTEGER NOT NULL,
    place           INTEGER NOT NULL, -- 0 for who waits for the person, else 1
    sort_name       TEXT    NOT NULL COLLATE NOCASE
) STRICT;

CREATE INDEX contact_by_name ON contact (place, sort_name, id);
CREATE INDEX contact_by_change ON contact (changed_at, id);

-- What can be found by its words.

CREATE TABLE search_entry (
    id     INTEGER PRIMARY KEY,
    kind   TEXT NOT NULL, -- one word: contact, value, message, receipt
    target TEXT NOT NULL, -- an address, an id, a number
    title  TEXT NOT NULL,
    body   TEXT NOT NULL,
    UNIQUE (kind, target)
) STRICT;

-- Words are found by their beginning, whatever their case and without the marks on letters. Rows
-- come in the order they were made, so the newest are found without looking at all that fit.

CREATE VIRTUAL TABLE search_index USING fts5 (
    kind, title, body,
    content = 'search_entry',
    content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2 3'
);

-- What is deleted leaves no words behind.
INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER search_entry_is_found AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_index (rowid, kind, title, body)
        VALUES (new.id, new.kind, new.title, new.body);
END;

CREATE TRIGGER search_entry_is_found_anew AFTER UPDATE ON search_entry
WHEN old.title <> new.title OR old.body <> new.body
BEGIN
    INSERT INTO search_index (search_index, rowid, kind, title, body)
        VALUES ('delete', old.id, old.kind, old.title, old.body);
    INSERT INTO search_index (rowid, kind, title, body)
        VALUES (new.id, new.kind, new.title, new.body);
END;

CREATE TRIGGER search_entry_is_found_no_more AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_index (search_index, rowid, kind, title, body)
        VALUES ('delete', old.id, old.kind, old.title, old.body);
END;

-- What a peer calls itself: of its DisplayNames, else GivenNames and Surnames, the newest that say
-- something; else what it offered when it was met.

CREATE VIEW received_name AS
SELECT
    share.peer,
    attribute.value_type,
    attribute.created_at,
    trim(json_extract(attribute.content, '$.value.value')) AS name
FROM local_attribute_share_info AS share
JOIN local_attribute AS attribute ON attribute.id = share.attribute_id
WHERE share.direction = 'received'
  AND attribute.kind = 'PeerIdentityAttribute'
  AND attribute.owner = share.peer
  AND attribute.value_type IN ('DisplayName', 'GivenName', 'Surname')
  AND attribute.succeeded_by IS NULL
  AND trim(json_extract(attribute.content, '$.value.value')) <> '';

-- Something about a contact changed: its row is made anew.

CREATE VIEW contact_change AS SELECT NULL AS peer;

CREATE TRIGGER contact_is_listed INSTEAD OF INSERT ON contact_change BEGIN
    INSERT INTO contact (
        peer, relationship_id, request_id, status, standing, is_own, created_at, changed_at, name,
        is_archived, place, sort_name)
    SELECT
        peer, relationship_id, request_id, status,
        CASE
            WHEN status IS NULL OR status = 'Pending' THEN 'waiting'
            WHEN status = 'Active' THEN 'active'
            ELSE 'ended'
        END,
        is_own, created_at, changed_at, name, is_archived,
        iif(status = 'Pending' AND is_own = 0, 0, 1),
        replace(replace(replace(replace(replace(replace(replace(coalesce(title, name, peer),
            'ä', 'a'), 'ö', 'o'), 'ü', 'u'), 'Ä', 'A'), 'Ö', 'O'), 'Ü', 'U'), 'ß', 'ss')
    FROM (
        SELECT
            one.peer,
            iif(waiting.id IS NULL, relationship.id, NULL) AS relationship_id,
            coalesce(waiting.id, (
                SELECT request.id FROM request
                    WHERE source_reference = relationship.template_id
                      AND request.peer = one.peer AND request.is_own = 0
                      AND json_extract(response, '$.source.reference') = relationship.id
                    ORDER BY request.created_at DESC LIMIT 1)) AS request_id,
            iif(waiting.id IS NULL, relationship.status, NULL) AS status,
            iif(waiting.id IS NULL, relationship.is_own, 1) AS is_own,
            iif(waiting.id IS NULL, relationship.created_at,
                CAST(round(unixepoch(json_extract(waiting.response, '$.createdAt'), 'subsec') * 1000)
                    AS INTEGER)) AS created_at,
            iif(waiting.id IS NULL, coalesce((
                    SELECT entry.created_at FROM relationship_audit_log AS entry
                        WHERE entry.relationship_id = relationship.id
                        ORDER BY entry.position DESC LIMIT 1), relationship.created_at),
                CAST(round(unixepoch(json_extract(waiting.response, '$.createdAt'), 'subsec') * 1000)
                    AS INTEGER)) AS changed_at,
            coalesce(
                (SELECT name FROM received_name
                    WHERE received_name.peer = one.peer AND value_type = 'DisplayName'
                    ORDER BY created_at DESC LIMIT 1),
                nullif(trim(
                    coalesce((SELECT name FROM received_name
                        WHERE received_name.peer = one.peer AND value_type = 'GivenName'
                        ORDER BY created_at DESC LIMIT 1), '')
                    || ' ' ||
                    coalesce((SELECT name FROM received_name
                        WHERE received_name.peer = one.peer AND value_type = 'Surname'
                        ORDER BY created_at DESC LIMIT 1), '')), ''),
                (SELECT name FROM peer WHERE address = one.peer)) AS name,
            note.title,
            note.archived_at IS NOT NULL AS is_archived
        FROM (SELECT new.peer AS peer) AS one
        LEFT JOIN request AS waiting ON waiting.id = (
            SELECT id FROM request
                WHERE peer = one.peer AND status = 'Decided' AND is_own = 0
                  AND source_type = 'RelationshipTemplate'
                  AND json_extract(response, '$.content.result') = 'Accepted'
                ORDER BY created_at DESC LIMIT 1)
        LEFT JOIN relationship ON relationship.id = (
            SELECT id FROM relationship
                WHERE peer = one.peer ORDER BY created_at DESC LIMIT 1)
        LEFT JOIN contact_note AS note ON note.peer = one.peer
        WHERE waiting.id IS NOT NULL OR relationship.id IS NOT NULL
    )
    WHERE true
    ON CONFLICT (peer) DO UPDATE SET
        relationship_id = excluded.relationship_id, request_id = excluded.request_id,
        status = excluded.status, standing = excluded.standing, is_own = excluded.is_own,
        created_at = excluded.created_at, changed_at = excluded.changed_at, name = excluded.name,
        is_archived = excluded.is_archived, place = excluded.place,
        sort_name = excluded.sort_name;
    DELETE FROM contact WHERE peer = new.peer
        AND NOT EXISTS (SELECT 1 FROM relationship WHERE peer = new.peer)
        AND NOT EXISTS (
            SELECT 1 FROM request
                WHERE peer = new.peer AND status = 'Decided' AND is_own = 0
                  AND source_type = 'RelationshipTemplate'
                  AND json_extract(response, '$.content.result') = 'Accepted');
    INSERT INTO search_entry (kind, target, title, body)
        SELECT
            'contact', contact.peer,
            trim(coalesce(note.title, '') || ' ' || coalesce(contact.name, '')),
            trim(coalesce((
                SELECT group_concat(tag, ' ') FROM contact_tag WHERE peer = contact.peer), '')
                || ' ' || coalesce(note.notes, '') || ' ' || contact.peer)
            FROM contact LEFT JOIN contact_note AS note ON note.peer = contact.peer
            WHERE contact.peer = new.peer
        ON CONFLICT (kind, target) DO UPDATE SET title = excluded.title, body = excluded.body;
END;

CREATE TRIGGER contact_is_found_no_more AFTER DELETE ON contact BEGIN
    DELETE FROM search_entry WHERE kind = 'contact' AND target = old.peer;
END;

CREATE TRIGGER relationship_is_listed AFTER INSERT ON relationship BEGIN
    INSERT INTO contact_change VALUES (new.peer);
END;

CREATE TRIGGER relationship_is_listed_anew AFTER UPDATE ON relationship BEGIN
    INSERT INTO contact_change VALUES (new.peer);
END;

CREATE TRIGGER relationship_is_listed_no_more AFTER DELETE ON relationship BEGIN
    INSERT INTO contact_change VALUES (old.peer);
END;

-- The log is written after the Relationship, entry by entry.
CREATE TRIGGER relationship_change_is_listed AFTER INSERT ON relationship_audit_log BEGIN
    UPDATE contact SET changed_at = new.created_at
        WHERE relationship_id = new.relationship_id
          AND peer = (SELECT peer FROM relationship WHERE id = new.relationship_id);
END;

CREATE TRIGGER request_is_listed AFTER INSERT ON request
WHEN new.is_own = 0 AND new.source_type = 'RelationshipTemplate'
BEGIN
    INSERT INTO contact_change VALUES (new.peer);
END;

CREATE TRIGGER request_is_listed_anew AFTER UPDATE OF status, response ON request
WHEN new.is_own = 0 AND new.source_type = 'RelationshipTemplate'
BEGIN
    INSERT INTO contact_change VALUES (new.peer);
END;

CREATE TRIGGER request_is_listed_no_more AFTER DELETE ON request
WHEN old.is_own = 0 AND old.source_type = 'RelationshipTemplate'
BEGIN
    INSERT INTO contact_change VALUES (old.peer);
END;

CREATE TRIGGER peer_is_listed AFTER INSERT ON peer BEGIN
    INSERT INTO contact_change VALUES (new.address);
END;

CREATE TRIGGER peer_is_listed_anew AFTER UPDATE OF name ON peer WHEN new.name IS NOT old.name BEGIN
    INSERT INTO contact_change VALUES (new.address);
END;

CREATE TRIGGER contact_note_is_listed AFTER INSERT ON contact_note BEGIN
    INSERT INTO contact_change VALUES (new.peer);
END;

CREATE TRIGGER contact_note_is_listed_anew AFTER UPDATE ON contact_note BEGIN
    INSERT INTO contact_change VALUES (new.peer);
END;

CREATE TRIGGER contact_tag_is_listed AFTER INSERT ON contact_tag BEGIN
    INSERT INTO contact_change VALUES (new.peer);
END;

CREATE TRIGGER contact_tag_is_listed_no_more AFTER DELETE ON contact_tag BEGIN
    INSERT INTO contact_change VALUES (old.peer);
END;

-- The record of where a name came from is written after it; whose it is stays in the Attribute.

CREATE TRIGGER received_name_is_listed AFTER INSERT ON local_attribute_share_info
WHEN new.direction = 'received' AND (
    SELECT value_type FROM local_attribute WHERE id = new.attribute_id
) IN ('DisplayName', 'GivenName', 'Surname')
BEGIN
    INSERT INTO contact_change VALUES (new.peer);
END;

CREATE TRIGGER received_name_is_listed_anew AFTER UPDATE OF succeeded_by ON local_attribute
WHEN new.kind = 'PeerIdentityAttribute'
 AND new.value_type IN ('DisplayName', 'GivenName', 'Surname')
BEGIN
    INSERT INTO contact_change VALUES (new.owner);
END;

CREATE TRIGGER received_name_is_listed_no_more AFTER DELETE ON local_attribute
WHEN old.kind = 'PeerIdentityAttribute'
 AND old.value_type IN ('DisplayName', 'GivenName', 'Surname')
BEGIN
    INSERT INTO contact_change VALUES (old.owner);
END;

-- Values of others, in their newest version; the own ones have a list that is searched. What opens
-- a File is not searched.

CREATE VIEW value_entry AS
SELECT
    attribute.id AS attribute_id,
    trim(coalesce(attribute.key, '') || ' '
        || coalesce(json_extract(attribute.content, '$.value.title'), '')) AS title,
    coalesce((
        SELECT group_concat(part.atom, ' ') FROM json_tree(attribute.content, '$.value') AS part
            WHERE part.key NOT IN ('@type', 'title') AND part.type IN ('text', 'integer', 'real')
              AND (part.key <> 'value' OR attribute.value_type
                   NOT IN ('IdentityFileReference', 'ProprietaryFileReference'))
    ), '') AS body
FROM local_attribute AS attribute
WHERE attribute.kind <> 'OwnIdentityAttribute' AND attribute.succeeded_by IS NULL;

CREATE TRIGGER value_is_found AFTER INSERT ON local_attribute
WHEN new.kind <> 'OwnIdentityAttribute' AND new.succeeded_by IS NULL
BEGIN
    INSERT INTO search_entry (kind, target, title, body)
        SELECT 'value', attribute_id, title, body FROM value_entry WHERE attribute_id = new.id;
END;

CREATE TRIGGER value_is_found_no_more AFTER UPDATE OF succeeded_by ON local_attribute
WHEN new.succeeded_by IS NOT NULL
BEGIN
    DELETE FROM search_entry WHERE kind = 'value' AND target = new.id;
END;

CREATE TRIGGER value_is_gone AFTER DELETE ON local_attribute
WHEN old.kind <> 'OwnIdentityAttribute'
BEGIN
    DELETE FROM search_entry WHERE kind = 'value' AND target = old.id;
END;

-- Mails, received and own.

CREATE VIEW mail_entry AS
SELECT
    number,
    json_extract(content, '$.subject') AS subject,
    json_extract(content, '$.body') AS body
FROM message
WHERE json_extract(content, '$."@type"') = 'Mail'
  AND json_type(content, '$.subject') = 'text' AND json_type(content, '$.body') = 'text';

CREATE TRIGGER mail_is_found AFTER INSERT ON message BEGIN
    INSERT INTO search_entry (kind, target, title, body)
        SELECT 'message', number, subject, body FROM mail_entry WHERE number = new.number;
END;

-- One that could not be opened when it came may be later.
CREATE TRIGGER mail_is_found_anew AFTER UPDATE OF content ON message BEGIN
    DELETE FROM search_entry WHERE kind = 'message' AND target = new.number;
    INSERT INTO search_entry (kind, target, title, body)
        SELECT 'message', number, subject, body FROM mail_entry WHERE number = new.number;
END;

CREATE TRIGGER mail_is_found_no_more AFTER DELETE ON message BEGIN
    DELETE FROM search_entry WHERE kind = 'message' AND target = old.number;
END;

-- Receipts, by who asked and what was asked for. They are never deleted.

CREATE VIEW receipt_entry AS
SELECT
    number,
    coalesce(json_extract(content, '$.request.content.title'), '') AS title,
    coalesce(json_extract(content, '$.peer.name'), '') || ' ' || coalesce((
        SELECT group_concat(part.atom, ' ')
            FROM json_tree(receipt.content, '$.request.content.items') AS part
            WHERE part.key IN ('title', 'description') AND part.type = 'text'
    ), '') AS body
FROM receipt;

CREATE TRIGGER receipt_is_found AFTER INSERT ON receipt BEGIN
    INSERT INTO search_entry (kind, target, title, body)
        SELECT 'receipt', number, title, body FROM receipt_entry WHERE number = new.number;
END;

-- What is there already.

INSERT INTO search_entry (kind, target, title, body)
    SELECT 'value', attribute_id, title, body FROM value_entry;
INSERT INTO search_entry (kind, target, title, body)
    SELECT 'message', number, subject, body FROM mail_entry ORDER BY number;
INSERT INTO search_entry (kind, target, title, body)
    SELECT 'receipt', number, title, body FROM receipt_entry ORDER BY number;
INSERT INTO contact_change
    SELECT peer FROM relationship UNION SELECT peer FROM request;

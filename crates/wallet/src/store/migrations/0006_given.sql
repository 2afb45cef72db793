-- Which versions belong together, without walking from one to the next: `chain` is the id of the
-- first version there was, whether it is still there or not; `rank` grows from version to version.

CREATE TABLE attribute_version (
    attribute_id TEXT    PRIMARY KEY REFERENCES local_attribute (id) ON DELETE CASCADE,
    chain        TEXT    NOT NULL,
    rank         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX attribute_version_by_chain ON attribute_version (chain, rank);

INSERT INTO attribute_version (attribute_id, chain, rank)
    WITH RECURSIVE version (attribute_id, chain, rank) AS (
        SELECT id, id, 1 FROM local_attribute AS first
            WHERE NOT EXISTS (SELECT 1 FROM local_attribute AS older WHERE older.id = first.succeeds)
        UNION ALL
        SELECT newer.id, version.chain, version.rank + 1
            FROM version JOIN local_attribute AS newer ON newer.succeeds = version.attribute_id
    )
    SELECT attribute_id, chain, rank FROM version;

CREATE TRIGGER local_attribute_is_a_version AFTER INSERT ON local_attribute BEGIN
    INSERT INTO attribute_version (attribute_id, chain, rank)
        SELECT new.id, coalesce(older.chain, new.id), coalesce(older.rank, 0) + 1
            FROM (SELECT 1) LEFT JOIN attribute_version AS older ON older.attribute_id = new.succeeds;
END;

CREATE INDEX local_attribute_share_info_by_holder ON local_attribute_share_info (attribute_id, peer);

-- Who has what of the person's: one row for each contact and Attribute, whatever its versions, with
-- the newest version that the contact has or, if it has deleted all of them, the newest it had. The
-- triggers below keep it.

CREATE TABLE given (
    id              INTEGER PRIMARY KEY,
    chain           TEXT    NOT NULL,
    peer            TEXT    NOT NULL,
    share_id        INTEGER NOT NULL UNIQUE, -- of local_attribute_share_info
    attribute_id    TEXT    NOT NULL,
    rank            INTEGER NOT NULL,
    since           INTEGER NOT NULL,
    deletion_status TEXT,
    is_stale        INTEGER NOT NULL,        -- there is a newer version that the contact has not
    value_type      TEXT    NOT NULL,
    value_text      TEXT    NOT NULL,        -- the parts of the value, for sorting
    search_text     TEXT    NOT NULL,        -- the same with tags and label, for searching
    UNIQUE (chain, peer)
) STRICT;

CREATE INDEX given_by_date ON given (since, id);
CREATE INDEX given_by_value ON given (value_text COLLATE NOCASE, id);
CREATE INDEX given_by_peer ON given (peer, since, id);
CREATE INDEX given_by_type ON given (value_type);
CREATE INDEX given_by_attribute ON given (attribute_id);
CREATE INDEX given_stale ON given (since, id) WHERE is_stale = 1;
CREATE INDEX given_asked_back ON given (since, id) WHERE deletion_status IS NOT NULL;

CREATE VIEW given_entry AS
SELECT
    version.chain,
    share.peer,
    share.id AS share_id,
    share.attribute_id,
    version.rank,
    coalesce(share.shared_at, attribute.created_at) AS since,
    share.deletion_status,
    share.deletion_status IS 'DeletedByRecipient' AS is_gone,
    share.deletion_status IS NOT 'DeletedByRecipient' AND version.rank < (
        SELECT max(newest.rank) FROM attribute_version AS newest WHERE newest.chain = version.chain
    ) AS is_stale,
    attribute.value_type,
    replace(replace(replace(replace(replace(replace(replace(coalesce((
        SELECT group_concat(part.atom, ' ') FROM json_each(attribute.content, '$.value') AS part
            WHERE part.key <> '@type' AND part.type IN ('text', 'integer', 'real')
    ), ''), 'ä', 'a'), 'ö', 'o'), 'ü', 'u'), 'Ä', 'A'), 'Ö', 'O'), 'Ü', 'U'), 'ß', 'ss')
        AS value_text,
    coalesce((
        SELECT group_concat(part.atom, ' ') FROM json_tree(attribute.content, '$.value') AS part
            WHERE part.key <> '@type' AND part.type IN ('text', 'integer', 'real')
    ), '')
        || ' ' || coalesce((
        SELECT group_concat(tag.value, ' ') FROM json_each(attribute.content, '$.tags') AS tag
    ), '')
        || ' ' || coalesce(attribute.label, '') AS search_text
FROM attribute_version AS version
JOIN local_attribute_share_info AS share INDEXED BY local_attribute_share_info_by_holder
    ON share.attribute_id = version.attribute_id
JOIN local_attribute AS attribute ON attribute.id = version.attribute_id
WHERE share.direction = 'forwarded'
    OR (share.direction = 'relationship' AND attribute.kind = 'OwnRelationshipAttribute');

INSERT INTO given
    (chain, peer, share_id, attribute_id, rank, since, deletion_status, is_stale, value_type,
     value_text, search_text)
    SELECT chain, peer, share_id, attribute_id, rank, since, deletion_status, is_stale, value_type,
           value_text, search_text
        FROM (
            SELECT *, row_number() OVER (
                PARTITION BY chain, peer ORDER BY is_gone, rank DESC, share_id DESC) AS place
                FROM given_entry)
        WHERE place = 1;

CREATE TRIGGER share_is_given AFTER INSERT ON local_attribute_share_info
WHEN new.direction <> 'received'
BEGIN
    INSERT INTO given
        (chain, peer, share_id, attribute_id, rank, since, deletion_status, is_stale, value_type,
         value_text, search_text)
        SELECT chain, peer, share_id, attribute_id, rank, since, deletion_status, is_stale,
               value_type, value_text, search_text
            FROM given_entry
            WHERE peer = new.peer AND chain = (
                SELECT chain FROM attribute_version WHERE attribute_id = new.attribute_id)
            ORDER BY is_gone, rank DESC, share_id DESC LIMIT 1
        ON CONFLICT (chain, peer) DO UPDATE SET
            share_id = excluded.share_id, attribute_id = excluded.attribute_id,
            rank = excluded.rank, since = excluded.since,
            deletion_status = excluded.deletion_status, is_stale = excluded.is_stale,
            value_type = excluded.value_type, value_text = excluded.value_text,
            search_text = excluded.search_text;
END;

CREATE TRIGGER share_is_given_otherwise
AFTER UPDATE OF deletion_status ON local_attribute_share_info
WHEN new.direction <> 'received'
BEGIN
    INSERT INTO given
        (chain, peer, share_id, attribute_id, rank, since, deletion_status, is_stale, value_type,
         value_text, search_text)
        SELECT chain, peer, share_id, attribute_id, rank, since, deletion_status, is_stale,
               value_type, value_text, search_text
            FROM given_entry
            WHERE peer = new.peer AND chain = (
                SELECT chain FROM attribute_version WHERE attribute_id = new.attribute_id)
            ORDER BY is_gone, rank DESC, share_id DESC LIMIT 1
        ON CONFLICT (chain, peer) DO UPDATE SET
            share_id = excluded.share_id, attribute_id = excluded.attribute_id,
            rank = excluded.rank, since = excluded.since,
            deletion_status = excluded.deletion_status, is_stale = excluded.is_stale,
            value_type = excluded.value_type, value_text = excluded.value_text,
            search_text = excluded.search_text;
END;

-- Another version that the contact has takes its place, if there is one.

CREATE TRIGGER share_is_given_no_more AFTER DELETE ON local_attribute_share_info
WHEN old.direction <> 'received'
BEGIN
    INSERT INTO given
        (chain, peer, share_id, attribute_id, rank, since, deletion_status, is_stale, value_type,
         value_text, search_text)
        SELECT chain, peer, share_id, attribute_id, rank, since, deletion_status, is_stale,
               value_type, value_text, search_text
            FROM given_entry
            WHERE peer = old.peer AND chain = (SELECT chain FROM given WHERE share_id = old.id)
            ORDER BY is_gone, rank DESC, share_id DESC LIMIT 1
        ON CONFLICT (chain, peer) DO UPDATE SET
            share_id = excluded.share_id, attribute_id = excluded.attribute_id,
            rank = excluded.rank, since = excluded.since,
            deletion_status = excluded.deletion_status, is_stale = excluded.is_stale,
            value_type = excluded.value_type, value_text = excluded.value_text,
            search_text = excluded.search_text;
    DELETE FROM given WHERE share_id = old.id;
END;

CREATE TRIGGER given_is_stale AFTER INSERT ON attribute_version WHEN new.rank > 1 BEGIN
    UPDATE given SET is_stale = 1
        WHERE chain = new.chain AND deletion_status IS NOT 'DeletedByRecipient';
END;

CREATE TRIGGER given_is_stale_no_more AFTER DELETE ON attribute_version BEGIN
    UPDATE given SET is_stale = deletion_status IS NOT 'DeletedByRecipient' AND rank < coalesce((
            SELECT max(rank) FROM attribute_version WHERE chain = old.chain), 0)
        WHERE chain = old.chain;
END;

CREATE TRIGGER given_label AFTER UPDATE OF label ON local_attribute
WHEN new.label IS NOT old.label
BEGIN
    UPDATE given
        SET search_text = (SELECT entry.search_text FROM given_entry AS entry
            WHERE entry.attribute_id = new.id AND entry.share_id = given.share_id)
        WHERE attribute_id = new.id;
END;

-- Words are found by their beginning, whatever their case and without the marks on letters.

CREATE VIRTUAL TABLE given_search USING fts5 (
    search_text,
    content = 'given',
    content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2 3'
);

INSERT INTO given_search (given_search) VALUES ('rebuild');

CREATE TRIGGER given_is_searched AFTER INSERT ON given BEGIN
    INSERT INTO given_search (rowid, search_text) VALUES (new.id, new.search_text);
END;

CREATE TRIGGER given_is_searched_anew AFTER UPDATE OF search_text ON given
WHEN new.search_text <> old.search_text
BEGIN
    INSERT INTO given_search (given_search, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);
    INSERT INTO given_search (rowid, search_text) VALUES (new.id, new.search_text);
END;

CREATE TRIGGER given_is_searched_no_more AFTER DELETE ON given BEGIN
    INSERT INTO given_search (given_search, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);
END;

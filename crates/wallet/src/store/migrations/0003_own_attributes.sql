-- The person's own word for an Attribute. It stays in this file: nothing that is sent is made of it.

ALTER TABLE local_attribute ADD COLUMN label TEXT;

-- Whether there is an own identity attribute with a certain value.

CREATE INDEX local_attribute_own_value
    ON local_attribute (value_type, json_extract(content, '$.value'))
    WHERE kind = 'OwnIdentityAttribute' AND succeeded_by IS NULL;

-- The newest versions of the own identity attributes as a list: what is searched, filtered and
-- sorted without reading the Attributes. The triggers below keep it.

CREATE TABLE own_attribute (
    id           INTEGER PRIMARY KEY,
    attribute_id TEXT    NOT NULL UNIQUE REFERENCES local_attribute (id) ON DELETE CASCADE,
    value_type   TEXT    NOT NULL,
    is_default   INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    value_text   TEXT    NOT NULL, -- the parts of the value, for sorting
    search_text  TEXT    NOT NULL  -- the same with tags and label, for searching
) STRICT;

CREATE INDEX own_attribute_by_type
    ON own_attribute (value_type, is_default DESC, created_at DESC, id);
CREATE INDEX own_attribute_by_date ON own_attribute (created_at DESC, id);
CREATE INDEX own_attribute_by_value ON own_attribute (value_text COLLATE NOCASE, id);

CREATE TABLE own_attribute_tag (
    tag    TEXT    NOT NULL,
    own_id INTEGER NOT NULL REFERENCES own_attribute (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, own_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX own_attribute_tag_by_own ON own_attribute_tag (own_id);

-- Words are found by their beginning, whatever their case and without the marks on letters.

CREATE VIRTUAL TABLE own_attribute_search USING fts5 (
    search_text,
    content = 'own_attribute',
    content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '1 2 3'
);

CREATE TRIGGER own_attribute_is_searched AFTER INSERT ON own_attribute BEGIN
    INSERT INTO own_attribute_search (rowid, search_text) VALUES (new.id, new.search_text);
END;

CREATE TRIGGER own_attribute_is_searched_anew AFTER UPDATE OF search_text ON own_attribute BEGIN
    INSERT INTO own_attribute_search (own_attribute_search, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);
    INSERT INTO own_attribute_search (rowid, search_text) VALUES (new.id, new.search_text);
END;

CREATE TRIGGER own_attribute_is_searched_no_more AFTER DELETE ON own_attribute BEGIN
    INSERT INTO own_attribute_search (own_attribute_search, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);
END;

-- How an Attribute looks in the list. Umlauts are sorted with their letters.

CREATE VIEW own_attribute_entry AS
SELECT
    attribute.id AS attribute_id,
    attribute.value_type,
    attribute.is_default,
    attribute.created_at,
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
FROM local_attribute AS attribute
WHERE attribute.kind = 'OwnIdentityAttribute' AND attribute.succeeded_by IS NULL;

CREATE TRIGGER local_attribute_is_listed AFTER INSERT ON local_attribute
WHEN new.kind = 'OwnIdentityAttribute' AND new.succeeded_by IS NULL
BEGIN
    INSERT INTO own_attribute
        (attribute_id, value_type, is_default, created_at, value_text, search_text)
        SELECT attribute_id, value_type, is_default, created_at, value_text, search_text
            FROM own_attribute_entry WHERE attribute_id = new.id;
    INSERT INTO own_attribute_tag (tag, own_id)
        SELECT DISTINCT tag.value, own.id
            FROM own_attribute AS own, json_each(new.content, '$.tags') AS tag
            WHERE own.attribute_id = new.id;
END;

CREATE TRIGGER local_attribute_is_listed_no_more AFTER UPDATE OF succeeded_by ON local_attribute
WHEN new.succeeded_by IS NOT NULL
BEGIN
    DELETE FROM own_attribute WHERE attribute_id = new.id;
END;

CREATE TRIGGER local_attribute_default_is_listed AFTER UPDATE OF is_default ON local_attribute BEGIN
    UPDATE own_attribute SET is_default = new.is_default WHERE attribute_id = new.id;
END;

CREATE TRIGGER local_attribute_label_is_listed AFTER UPDATE OF label ON local_attribute BEGIN
    UPDATE own_attribute
        SET search_text = (
            SELECT search_text FROM own_attribute_entry WHERE attribute_id = new.id)
        WHERE attribute_id = new.id;
END;

INSERT INTO own_attribute
    (attribute_id, value_type, is_default, created_at, value_text, search_text)
    SELECT attribute_id, value_type, is_default, created_at, value_text, search_text
        FROM own_attribute_entry;
INSERT INTO own_attribute_tag (tag, own_id)
    SELECT DISTINCT tag.value, own.id
        FROM own_attribute AS own
        JOIN local_attribute AS attribute ON attribute.id = own.attribute_id,
            json_each(attribute.content, '$.tags') AS tag;

-- What is written anew is indexed for searching some time after the transaction that wrote it, and
-- not within it: nobody waits for that, and many entries are indexed at once. Until then it is noted
-- here. What is changed or deleted leaves the index in the transaction that does it, as before.

CREATE TABLE search_pending (id INTEGER PRIMARY KEY) STRICT; -- of search_entry
CREATE TABLE given_pending (id INTEGER PRIMARY KEY) STRICT;  -- of given

DROP TRIGGER search_entry_is_found;
CREATE TRIGGER search_entry_is_found AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_pending VALUES (new.id);
END;

DROP TRIGGER search_entry_is_found_anew;
CREATE TRIGGER search_entry_is_found_anew AFTER UPDATE ON search_entry
WHEN (old.title <> new.title OR old.body <> new.body)
 AND NOT EXISTS (SELECT 1 FROM search_pending WHERE id = old.id)
BEGIN
    INSERT INTO search_index (search_index, rowid, kind, title, body)
        VALUES ('delete', old.id, old.kind, old.title, old.body);
    INSERT INTO search_pending VALUES (new.id);
END;

DROP TRIGGER search_entry_is_found_no_more;
CREATE TRIGGER search_entry_is_found_no_more AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_index (search_index, rowid, kind, title, body)
        SELECT 'delete', old.id, old.kind, old.title, old.body
            WHERE NOT EXISTS (SELECT 1 FROM search_pending WHERE id = old.id);
    DELETE FROM search_pending WHERE id = old.id;
END;

DROP TRIGGER given_is_searched;
CREATE TRIGGER given_is_searched AFTER INSERT ON given BEGIN
    INSERT INTO given_pending VALUES (new.id);
END;

DROP TRIGGER given_is_searched_anew;
CREATE TRIGGER given_is_searched_anew AFTER UPDATE OF search_text ON given
WHEN new.search_text <> old.search_text
 AND NOT EXISTS (SELECT 1 FROM given_pending WHERE id = old.id)
BEGIN
    INSERT INTO given_search (given_search, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);
    INSERT INTO given_pending VALUES (new.id);
END;

DROP TRIGGER given_is_searched_no_more;
CREATE TRIGGER given_is_searched_no_more AFTER DELETE ON given BEGIN
    INSERT INTO given_search (given_search, rowid, search_text)
        SELECT 'delete', old.id, old.search_text
            WHERE NOT EXISTS (SELECT 1 FROM given_pending WHERE id = old.id);
    DELETE FROM given_pending WHERE id = old.id;
END;

-- What a Mail or a receipt is found by is read out of it then, too.

CREATE TABLE entry_pending (
    kind   TEXT    NOT NULL CHECK (kind IN ('message', 'receipt')),
    number INTEGER NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;

DROP TRIGGER mail_is_found;
CREATE TRIGGER mail_is_found AFTER INSERT ON message BEGIN
    INSERT INTO entry_pending VALUES ('message', new.number);
END;

DROP TRIGGER mail_is_found_anew;
CREATE TRIGGER mail_is_found_anew AFTER UPDATE OF content ON message BEGIN
    DELETE FROM search_entry WHERE kind = 'message' AND target = new.number;
    INSERT INTO entry_pending VALUES ('message', new.number) ON CONFLICT (kind, number) DO NOTHING;
END;

DROP TRIGGER mail_is_found_no_more;
CREATE TRIGGER mail_is_found_no_more AFTER DELETE ON message BEGIN
    DELETE FROM search_entry WHERE kind = 'message' AND target = old.number;
    DELETE FROM entry_pending WHERE kind = 'message' AND number = old.number;
END;

DROP TRIGGER receipt_is_found;
CREATE TRIGGER receipt_is_found AFTER INSERT ON receipt BEGIN
    INSERT INTO entry_pending VALUES ('receipt', new.number);
END;

-- Consent receipts: what was decided about a received Request, written with the decision. A receipt
-- belongs to nothing that can be deleted: neither the Request nor the contact takes it along.

CREATE TABLE receipt (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT    NOT NULL,
    peer       TEXT    NOT NULL,
    decided_at INTEGER NOT NULL,
    content    TEXT    NOT NULL -- ReceiptContent
) STRICT;

CREATE INDEX receipt_by_request ON receipt (request_id, number);
CREATE INDEX receipt_by_peer ON receipt (peer, number);

CREATE TRIGGER receipt_never_changes BEFORE UPDATE ON receipt BEGIN
    SELECT RAISE (ABORT, 'a receipt must not change');
END;

CREATE TRIGGER receipt_stays BEFORE DELETE ON receipt BEGIN
    SELECT RAISE (ABORT, 'a receipt must not be forgotten');
END;

-- What came of the decision afterwards.

CREATE TABLE receipt_outcome (
    number INTEGER PRIMARY KEY REFERENCES receipt (number),
    at     INTEGER NOT NULL,
    kind   TEXT    NOT NULL CHECK (kind IN ('delivered', 'failed', 'takenBack')),
    code   TEXT
) STRICT;

CREATE TRIGGER receipt_outcome_never_changes BEFORE UPDATE ON receipt_outcome BEGIN
    SELECT RAISE (ABORT, 'what came of a decision must not change');
END;

CREATE TRIGGER receipt_outcome_stays BEFORE DELETE ON receipt_outcome BEGIN
    SELECT RAISE (ABORT, 'what came of a decision must not be forgotten');
END;

-- A Request that leaves `Decided` tells it, whatever made it do so.

CREATE TRIGGER receipt_has_an_outcome AFTER INSERT ON request_status_log
WHEN new.old_status = 'Decided'
BEGIN
    INSERT INTO receipt_outcome (number, at, kind, code)
        SELECT number, new.created_at,
            CASE new.new_status
                WHEN 'Completed' THEN 'delivered' WHEN 'Expired' THEN 'failed' ELSE 'takenBack'
            END,
            new.code
        FROM receipt
        WHERE request_id = new.request_id
          AND NOT EXISTS (
              SELECT 1 FROM receipt_outcome AS known WHERE known.number = receipt.number)
        ORDER BY number DESC LIMIT 1;
END;

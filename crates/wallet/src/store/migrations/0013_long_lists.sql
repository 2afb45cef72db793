-- Long lists are walked along narrow indexes, so that a page in their middle is found without reading
-- what is before it.

CREATE INDEX receipt_in_order ON receipt (number);

-- Received Requests that are open and that are closed, and own ones.

CREATE INDEX request_open ON request (created_at, id, status)
    WHERE is_own = 0 AND status IN ('Open', 'DecisionRequired', 'ManualDecisionRequired');
CREATE INDEX request_closed ON request (created_at, id)
    WHERE is_own = 0 AND status NOT IN ('Open', 'DecisionRequired', 'ManualDecisionRequired');
CREATE INDEX request_own ON request (created_at, id) WHERE is_own = 1;

-- What came from one peer, with all that the mailbox asks of a Message.

DROP INDEX message_by_sender;
CREATE INDEX message_from ON message (created_by, number, kind, state, was_read_at);

-- The orders of the own Attributes, with the type that is filtered by.

DROP INDEX own_attribute_by_date;
CREATE INDEX own_attribute_by_date ON own_attribute (created_at DESC, id, value_type);
DROP INDEX own_attribute_by_value;
CREATE INDEX own_attribute_by_value ON own_attribute (value_text COLLATE NOCASE, id, value_type);

-- The orders of who has what, with the type that is looked for.

DROP INDEX given_by_date;
CREATE INDEX given_by_date ON given (since, id, value_type);
DROP INDEX given_by_value;
CREATE INDEX given_by_value ON given (value_text COLLATE NOCASE, id, value_type);

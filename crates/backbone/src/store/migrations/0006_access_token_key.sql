-- What access tokens are signed with: made once, when the file is new.
CREATE TABLE access_token_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

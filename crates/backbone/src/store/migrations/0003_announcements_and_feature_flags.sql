CREATE TABLE feature_flags (
    address TEXT NOT NULL REFERENCES identities (address),
    name TEXT NOT NULL,
    is_enabled INTEGER NOT NULL,
    PRIMARY KEY (address, name)
) STRICT, WITHOUT ROWID;

-- Texts and actions as the JSON that they came as.
CREATE TABLE announcements (
    id TEXT PRIMARY KEY,
    severity TEXT NOT NULL,
    is_silent INTEGER NOT NULL,
    is_for_all INTEGER NOT NULL,
    texts TEXT NOT NULL,
    actions TEXT NOT NULL,
    iql_query TEXT,
    expires_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE announcement_recipients (
    announcement_id TEXT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    PRIMARY KEY (announcement_id, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX announcements_of_recipient ON announcement_recipients (address);

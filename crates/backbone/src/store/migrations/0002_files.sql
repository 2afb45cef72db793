CREATE TABLE files (
    id TEXT PRIMARY KEY,
    created_by TEXT NOT NULL,
    created_by_device TEXT NOT NULL,
    owner TEXT NOT NULL,
    owner_signature BLOB NOT NULL,
    ownership_token BLOB NOT NULL,
    ownership_is_locked INTEGER NOT NULL DEFAULT 0,
    cipher_size INTEGER NOT NULL,
    cipher_hash BLOB NOT NULL,
    encrypted_properties BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX files_of_creator ON files (created_by, created_at, id);
CREATE INDEX files_of_owner ON files (owner);

-- Apart from the rest, which is read far more often.
CREATE TABLE file_ciphers (
    file_id TEXT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    cipher BLOB NOT NULL
) STRICT;

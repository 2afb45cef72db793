-- Dates are milliseconds since 1970 (UTC); addresses and ids are texts of the protocol.

CREATE TABLE identities (
    address TEXT PRIMARY KEY,
    public_key BLOB NOT NULL,
    client_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    tier_id TEXT NOT NULL,
    status TEXT NOT NULL,
    grace_period_ends_at INTEGER,
    -- Indices never repeat, even when events are deleted.
    next_event_index INTEGER NOT NULL DEFAULT 0,
    next_sync_run_index INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    address TEXT NOT NULL REFERENCES identities (address),
    username TEXT NOT NULL UNIQUE COLLATE NOCASE,
    password_hash TEXT NOT NULL,
    created_by_device TEXT NOT NULL,
    communication_language TEXT NOT NULL,
    is_backup_device INTEGER NOT NULL,
    last_login_at INTEGER,
    failed_logins INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX devices_of_identity ON devices (address, created_at, id);

CREATE TABLE push_registrations (
    device_id TEXT PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
    identifier TEXT NOT NULL,
    platform TEXT NOT NULL,
    handle TEXT NOT NULL,
    app_id TEXT NOT NULL,
    environment TEXT NOT NULL
) STRICT;

CREATE TABLE challenges (
    id TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    created_by TEXT,
    created_by_device TEXT
) STRICT;
CREATE INDEX challenges_by_expiry ON challenges (expires_at);

CREATE TABLE relationship_templates (
    id TEXT PRIMARY KEY,
    created_by TEXT NOT NULL,
    created_by_device TEXT NOT NULL,
    content BLOB NOT NULL,
    expires_at INTEGER,
    max_number_of_allocations INTEGER,
    for_identity TEXT,
    password BLOB,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE relationship_template_allocations (
    template_id TEXT NOT NULL REFERENCES relationship_templates (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (template_id, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE relationships (
    id TEXT PRIMARY KEY,
    template_id TEXT REFERENCES relationship_templates (id) ON DELETE SET NULL,
    from_address TEXT NOT NULL,
    to_address TEXT NOT NULL,
    status TEXT NOT NULL,
    creation_content BLOB,
    creation_response_content BLOB,
    decomposed_by_from INTEGER NOT NULL DEFAULT 0,
    decomposed_by_to INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX relationships_from ON relationships (from_address, to_address, created_at);
CREATE INDEX relationships_to ON relationships (to_address, from_address, created_at);
CREATE INDEX relationships_of_template ON relationships (template_id);

CREATE TABLE relationship_audit_log (
    relationship_id TEXT NOT NULL REFERENCES relationships (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_by_device TEXT,
    reason TEXT NOT NULL,
    old_status TEXT,
    new_status TEXT NOT NULL,
    PRIMARY KEY (relationship_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    created_by TEXT NOT NULL,
    created_by_device TEXT NOT NULL,
    body BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_of_sender ON messages (created_by, created_at, id);

CREATE TABLE message_recipients (
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    address TEXT NOT NULL,
    relationship_id TEXT NOT NULL,
    encrypted_key BLOB NOT NULL,
    received_at INTEGER,
    received_by_device TEXT,
    decomposed_by_recipient INTEGER NOT NULL DEFAULT 0,
    decomposed_by_sender INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (message_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_of_recipient ON message_recipients (address, message_id);
CREATE INDEX messages_of_relationship ON message_recipients (relationship_id);

CREATE TABLE message_attachments (
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    file_id TEXT NOT NULL,
    PRIMARY KEY (message_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    created_by TEXT,
    created_by_device TEXT,
    content BLOB,
    expires_at INTEGER NOT NULL,
    for_identity TEXT,
    password BLOB,
    failed_passwords INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE token_allocations (
    token_id TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (token_id, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE datawallets (
    address TEXT PRIMARY KEY REFERENCES identities (address),
    version INTEGER NOT NULL,
    next_index INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE datawallet_modifications (
    id TEXT PRIMARY KEY,
    address TEXT NOT NULL REFERENCES datawallets (address),
    position INTEGER NOT NULL,
    datawallet_version INTEGER NOT NULL,
    object_identifier TEXT NOT NULL,
    collection TEXT NOT NULL,
    payload_category TEXT,
    type TEXT NOT NULL,
    encrypted_payload BLOB,
    created_at INTEGER NOT NULL,
    created_by_device TEXT NOT NULL,
    UNIQUE (address, position)
) STRICT;
CREATE INDEX modifications_of_object ON datawallet_modifications (address, object_identifier, type);

CREATE TABLE sync_runs (
    id TEXT PRIMARY KEY,
    address TEXT NOT NULL REFERENCES identities (address),
    device_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    type TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    finalized_at INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (address, position)
) STRICT;
CREATE UNIQUE INDEX running_sync_run ON sync_runs (address) WHERE finalized_at IS NULL;

CREATE TABLE external_events (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES identities (address),
    position INTEGER NOT NULL,
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    relationship_id TEXT,
    is_blocked INTEGER NOT NULL DEFAULT 0,
    is_delivered INTEGER NOT NULL DEFAULT 0,
    sync_run_id TEXT REFERENCES sync_runs (id),
    error_count INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    UNIQUE (owner, position)
) STRICT;
CREATE INDEX undelivered_events ON external_events (owner, position) WHERE is_delivered = 0;
CREATE INDEX events_of_sync_run ON external_events (sync_run_id, position);
CREATE INDEX events_of_relationship ON external_events (relationship_id) WHERE is_delivered = 0;

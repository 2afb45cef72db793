CREATE TABLE deletion_processes (
    id TEXT PRIMARY KEY,
    address TEXT NOT NULL REFERENCES identities (address),
    status TEXT NOT NULL,
    created_by_device TEXT NOT NULL,
    grace_period_ends_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX running_deletion_process ON deletion_processes (address)
    WHERE status <> 'Cancelled';
CREATE INDEX deletion_processes_of_identity ON deletion_processes (address, created_at, id);

-- The user names of identities that are gone, as hashes, for those who still try to log in.
CREATE TABLE deleted_usernames (
    username_hash BLOB PRIMARY KEY,
    deleted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a deletion looks for.
CREATE INDEX templates_of_creator ON relationship_templates (created_by);
CREATE INDEX templates_for_identity ON relationship_templates (for_identity)
    WHERE for_identity IS NOT NULL;
CREATE INDEX template_allocations_of_identity ON relationship_template_allocations (address);
CREATE INDEX tokens_of_creator ON tokens (created_by);
CREATE INDEX tokens_for_identity ON tokens (for_identity) WHERE for_identity IS NOT NULL;
CREATE INDEX token_allocations_of_identity ON token_allocations (address);
CREATE INDEX events_of_owner ON external_events (owner);
CREATE INDEX identities_to_be_deleted ON identities (grace_period_ends_at)
    WHERE grace_period_ends_at IS NOT NULL;

-- The first version of a wallet's database.
--
-- Dates are milliseconds since 1970, UTC. Ids and addresses are text as the protocol writes them.
-- Columns named after a JSON object hold that object as JSON text. The file is encrypted as a
-- whole, so keys stand in it like anything else.

-- One row each: what the profile is, and what it is made of.

CREATE TABLE profile (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    name          TEXT    NOT NULL,
    address       TEXT    NOT NULL,
    base_url      TEXT    NOT NULL,
    client_id     TEXT    NOT NULL,
    client_secret TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE identity_keys (
    id              INTEGER PRIMARY KEY CHECK (id = 1) REFERENCES profile (id),
    signature       TEXT    NOT NULL, -- CryptoSignatureKeypair
    synchronization BLOB    NOT NULL CHECK (length(synchronization) = 32),
    shared_base     BLOB    NOT NULL CHECK (length(shared_base) = 32)
) STRICT;

CREATE TABLE device_keys (
    id        INTEGER PRIMARY KEY CHECK (id = 1) REFERENCES profile (id),
    signature TEXT    NOT NULL, -- CryptoSignatureKeypair
    password  TEXT    NOT NULL
) STRICT;

-- There once the Backbone has registered the identity.
CREATE TABLE device (
    id             INTEGER PRIMARY KEY CHECK (id = 1) REFERENCES profile (id),
    device_id      TEXT    NOT NULL,
    username       TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    has_datawallet INTEGER NOT NULL CHECK (has_datawallet IN (0, 1))
) STRICT;

-- Secrets that are found by a name: keys of templates and of Relationships.

CREATE TABLE secret_container (
    id         TEXT    PRIMARY KEY,
    name       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    secret     TEXT    NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to   INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX secret_container_active ON secret_container (name) WHERE valid_to IS NULL;

-- The last counter this device has used on a channel. Never goes back.

CREATE TABLE transmit_counter (
    channel TEXT    PRIMARY KEY,
    counter INTEGER NOT NULL CHECK (counter BETWEEN 1 AND 4294967295)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER transmit_counter_never_goes_back
BEFORE UPDATE ON transmit_counter
WHEN new.counter <= old.counter
BEGIN
    SELECT RAISE (ABORT, 'a counter must not be used twice');
END;

CREATE TRIGGER transmit_counter_stays
BEFORE DELETE ON transmit_counter
BEGIN
    SELECT RAISE (ABORT, 'a counter must not be forgotten');
END;

-- Whoever this wallet has met.

CREATE TABLE peer (
    address       TEXT    PRIMARY KEY,
    first_seen_at INTEGER NOT NULL,
    name          TEXT
) STRICT, WITHOUT ROWID;

-- RelationshipTemplates.

CREATE TABLE relationship_template (
    id                          TEXT    PRIMARY KEY,
    is_own                      INTEGER NOT NULL CHECK (is_own IN (0, 1)),
    created_by                  TEXT    NOT NULL,
    created_by_device           TEXT    NOT NULL,
    created_at                  INTEGER NOT NULL,
    expires_at                  INTEGER NOT NULL,
    max_number_of_allocations   INTEGER CHECK (max_number_of_allocations > 0),
    for_identity                TEXT,
    content                     TEXT    NOT NULL,
    password                    TEXT,
    password_type               TEXT,
    password_salt               BLOB    CHECK (length(password_salt) = 16),
    password_location_indicator INTEGER CHECK (password_location_indicator BETWEEN 0 AND 99),
    identity                    TEXT    NOT NULL,
    template_key                TEXT    NOT NULL,
    secret_key                  BLOB    NOT NULL CHECK (length(secret_key) = 32),
    truncated_reference         TEXT    NOT NULL,
    url                         TEXT    NOT NULL,
    CHECK ((password IS NULL) = (password_type IS NULL)),
    CHECK ((password IS NULL) = (password_salt IS NULL)),
    CHECK (password IS NOT NULL OR password_location_indicator IS NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX relationship_template_by_owner ON relationship_template (is_own, created_at);
CREATE INDEX relationship_template_by_creator ON relationship_template (created_by);

-- Relationships.

CREATE TABLE relationship (
    id                 TEXT    PRIMARY KEY,
    is_own             INTEGER NOT NULL CHECK (is_own IN (0, 1)),
    status             TEXT    NOT NULL,
    peer               TEXT    NOT NULL,
    peer_identity      TEXT    NOT NULL,
    template_id        TEXT    NOT NULL,
    secret_id          TEXT    NOT NULL,
    creation_content   TEXT,
    peer_deletion_info TEXT,
    created_at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX relationship_by_date ON relationship (created_at);
CREATE INDEX relationship_by_peer ON relationship (peer, created_at);
CREATE INDEX relationship_by_status ON relationship (status, created_at);
CREATE INDEX relationship_by_template ON relationship (template_id, created_at);

CREATE TABLE relationship_audit_log (
    relationship_id   TEXT    NOT NULL REFERENCES relationship (id) ON DELETE CASCADE,
    position          INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    created_by        TEXT    NOT NULL,
    created_by_device TEXT,
    reason            TEXT    NOT NULL,
    old_status        TEXT,
    new_status        TEXT    NOT NULL,
    PRIMARY KEY (relationship_id, position)
) STRICT, WITHOUT ROWID;

-- Requests.

CREATE TABLE request (
    id                         TEXT    PRIMARY KEY,
    is_own                     INTEGER NOT NULL CHECK (is_own IN (0, 1)),
    peer                       TEXT    NOT NULL,
    created_at                 INTEGER NOT NULL,
    content                    TEXT    NOT NULL,
    expires_at                 INTEGER, -- out of content
    source_type                TEXT,
    source_reference           TEXT,
    status                     TEXT    NOT NULL,
    response                   TEXT, -- with createdAt and source
    was_automatically_decided  INTEGER NOT NULL CHECK (was_automatically_decided IN (0, 1)),
    CHECK ((source_type IS NULL) = (source_reference IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX request_by_date ON request (created_at);
CREATE INDEX request_by_status ON request (status, created_at);
CREATE INDEX request_by_peer ON request (peer, created_at);
CREATE INDEX request_by_source ON request (source_reference, created_at);
CREATE INDEX request_by_expiry ON request (expires_at)
    WHERE status NOT IN ('Completed', 'Expired') AND expires_at IS NOT NULL;

CREATE TABLE request_status_log (
    request_id TEXT    NOT NULL REFERENCES request (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    old_status TEXT    NOT NULL,
    new_status TEXT    NOT NULL,
    data       TEXT,
    code       TEXT,
    PRIMARY KEY (request_id, position)
) STRICT, WITHOUT ROWID;

-- Attributes, and every act of sharing one.

CREATE TABLE local_attribute (
    id            TEXT    PRIMARY KEY,
    kind          TEXT    NOT NULL,
    content       TEXT    NOT NULL,
    owner         TEXT    NOT NULL, -- these three out of content
    value_type    TEXT    NOT NULL,
    key           TEXT,
    created_at    INTEGER NOT NULL,
    succeeds      TEXT,
    succeeded_by  TEXT,
    was_viewed_at INTEGER,
    is_default    INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    CHECK (is_default = 0 OR (kind = 'OwnIdentityAttribute' AND succeeded_by IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX local_attribute_default ON local_attribute (value_type) WHERE is_default = 1;
CREATE UNIQUE INDEX local_attribute_successor ON local_attribute (succeeds)
    WHERE succeeds IS NOT NULL;
CREATE INDEX local_attribute_by_type ON local_attribute (kind, value_type, created_at);
CREATE INDEX local_attribute_by_key ON local_attribute (key, created_at) WHERE key IS NOT NULL;

CREATE TABLE local_attribute_share_info (
    id                     INTEGER PRIMARY KEY,
    attribute_id           TEXT    NOT NULL REFERENCES local_attribute (id) ON DELETE CASCADE,
    direction              TEXT    NOT NULL
                           CHECK (direction IN ('forwarded', 'received', 'relationship')),
    peer                   TEXT    NOT NULL,
    request_reference      TEXT,
    notification_reference TEXT,
    shared_at              INTEGER,
    initial_attribute_peer TEXT,
    deletion_status        TEXT,
    deletion_date          INTEGER,
    forwarding_details_id  TEXT,
    wire_attribute_id      TEXT    NOT NULL,
    CHECK ((request_reference IS NULL) <> (notification_reference IS NULL)),
    CHECK ((deletion_status IS NULL) = (deletion_date IS NULL)),
    CHECK (direction = 'forwarded' OR forwarding_details_id IS NULL),
    -- Without an id for own devices only where the peer knows a copy with an id of its own.
    CHECK (direction <> 'forwarded'
           OR forwarding_details_id IS NOT NULL
           OR wire_attribute_id <> attribute_id),
    CHECK (direction <> 'forwarded' OR shared_at IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX local_attribute_share_info_living_forward
    ON local_attribute_share_info (attribute_id, peer)
    WHERE direction = 'forwarded'
      AND (deletion_status IS NULL OR deletion_status <> 'DeletedByRecipient');
CREATE UNIQUE INDEX local_attribute_share_info_origin
    ON local_attribute_share_info (attribute_id)
    WHERE direction <> 'forwarded';
CREATE UNIQUE INDEX local_attribute_share_info_forwarding_details
    ON local_attribute_share_info (forwarding_details_id)
    WHERE forwarding_details_id IS NOT NULL;
CREATE INDEX local_attribute_share_info_by_attribute
    ON local_attribute_share_info (attribute_id);
CREATE INDEX local_attribute_share_info_by_peer
    ON local_attribute_share_info (peer, direction);
CREATE INDEX local_attribute_share_info_by_wire_id
    ON local_attribute_share_info (wire_attribute_id, peer);
CREATE INDEX local_attribute_share_info_by_deletion
    ON local_attribute_share_info (deletion_status, deletion_date)
    WHERE deletion_status IS NOT NULL;

-- What must still reach the Backbone, in this order for each peer ('' for operations without one).

CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    kind            TEXT    NOT NULL,
    subject         TEXT    NOT NULL,
    peer            TEXT    NOT NULL,
    payload         TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'delivered', 'failed')),
    attempts        INTEGER NOT NULL CHECK (attempts >= 0),
    next_attempt_at INTEGER NOT NULL,
    last_error_code TEXT,
    created_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE state = 'queued';
CREATE INDEX outbox_open ON outbox (peer, id) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_by_state ON outbox (state);
CREATE INDEX outbox_by_subject ON outbox (subject);

-- External events of the Backbone that were processed: it offers some of them again.

CREATE TABLE processed_external_event (
    id           TEXT    PRIMARY KEY,
    processed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX processed_external_event_by_date ON processed_external_event (processed_at);

-- What happened. Only ever added to.

CREATE TABLE history (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    at              INTEGER NOT NULL,
    event           TEXT    NOT NULL,
    peer            TEXT,
    template_id     TEXT,
    request_id      TEXT,
    relationship_id TEXT,
    attribute_id    TEXT,
    code            TEXT
) STRICT;

CREATE INDEX history_by_peer ON history (peer, id) WHERE peer IS NOT NULL;
CREATE INDEX history_by_request ON history (request_id, id) WHERE request_id IS NOT NULL;

-- Small things that are looked up by a name: language, theme, where synchronisation stands.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

//! Limits of the API. Those that are a server's own settings (recipients of a message, unfetched
//! messages, password rule) are not here: a client learns them from the errors.

/// Bytes of a request's body (20 MiB).
pub const MAX_REQUEST_BYTES: usize = 20 * 1024 * 1024;
/// Records of a page when nothing is asked for.
pub const DEFAULT_PAGE_SIZE: u64 = 50;
/// Records of a page at most.
pub const MAX_PAGE_SIZE: u64 = 200;
/// Bytes of the content of a template or token, of creation content and of a message's body,
/// decoded (10 MiB).
pub const MAX_CONTENT_BYTES: usize = 10 * 1024 * 1024;
/// Bytes of the password of a template or token, decoded.
pub const MAX_PASSWORD_BYTES: usize = 200;
/// Wrong passwords that lock a token for good.
pub const MAX_TOKEN_PASSWORD_FAILURES: u32 = 100;
/// Wrong passwords in a row that lock a device.
pub const MAX_LOGIN_FAILURES: u32 = 3;
/// Seconds for which a device is locked.
pub const LOGIN_LOCK_SECONDS: i64 = 600;
/// Seconds that an access token is valid for.
pub const ACCESS_TOKEN_SECONDS: i64 = 300;
/// Seconds that a challenge is valid for.
pub const CHALLENGE_SECONDS: i64 = 600;
/// Seconds that a challenge can still be read for after it expired.
pub const CHALLENGE_READABLE_SECONDS: i64 = 3600;
/// Bytes of the key of a message that is encrypted for a recipient, at least.
pub const MIN_ENCRYPTED_KEY_BYTES: usize = 30;
/// Bytes of the key of a message that is encrypted for a recipient, at most.
pub const MAX_ENCRYPTED_KEY_BYTES: usize = 300;
/// Attachments of a message.
pub const MAX_ATTACHMENTS: usize = 20;
/// Messages of one sender that a recipient has not fetched, where a server sets nothing else.
pub const DEFAULT_MAX_UNRECEIVED_MESSAGES: u32 = 20;
/// Characters of the `objectIdentifier` of a modification.
pub const MAX_OBJECT_IDENTIFIER_CHARS: usize = 100;
/// Characters of the `collection` of a modification.
pub const MAX_COLLECTION_CHARS: usize = 50;
/// Characters of the `payloadCategory` of a modification.
pub const MAX_PAYLOAD_CATEGORY_CHARS: usize = 50;
/// Seconds that a sync run lasts when nothing is asked for.
pub const DEFAULT_SYNC_RUN_SECONDS: u16 = 10;
/// Failures after which an external event is not delivered again.
pub const MAX_EXTERNAL_EVENT_ERRORS: u32 = 3;
/// Characters of the `errorCode` of an external event's result.
pub const MAX_EVENT_ERROR_CODE_CHARS: usize = 100;
/// Seconds that a token which is made anonymously may last.
pub const MAX_ANONYMOUS_TOKEN_SECONDS: i64 = 300;
/// Characters of a push handle, at least.
pub const MIN_PUSH_HANDLE_CHARS: usize = 10;
/// Characters of a push handle, at most.
pub const MAX_PUSH_HANDLE_CHARS: usize = 500;
/// Characters of an echoed correlation id.
pub const MAX_CORRELATION_ID_CHARS: usize = 100;
/// Bytes of the cipher of a file (10 MiB).
pub const MAX_FILE_BYTES: usize = 10 * 1024 * 1024;
/// Bytes of the hash of a file's cipher.
pub const MAX_CIPHER_HASH_BYTES: usize = 128;
/// Bytes of the signature of a file's owner.
pub const MAX_OWNER_SIGNATURE_BYTES: usize = 512;
/// Bytes of the encrypted properties of a file (1 MiB).
pub const MAX_ENCRYPTED_PROPERTIES_BYTES: usize = 1024 * 1024;
/// Characters of an ownership token of a file; the most that is taken, and what servers make.
pub const OWNERSHIP_TOKEN_CHARS: usize = 20;
/// Days in which the deletion of an identity can be cancelled when nothing is asked for.
pub const DEFAULT_GRACE_PERIOD_DAYS: f64 = 14.0;
/// Recipients of a notification.
pub const MAX_NOTIFICATION_RECIPIENTS: usize = 100;
/// Feature flags of an identity.
pub const MAX_FEATURE_FLAGS: usize = 200;
/// Characters of the name of a feature flag.
pub const MAX_FEATURE_FLAG_NAME_CHARS: usize = 200;
/// Identities to whom an announcement is addressed.
pub const MAX_ANNOUNCEMENT_RECIPIENTS: usize = 100;
/// Characters of the link of an announcement's action.
pub const MAX_ANNOUNCEMENT_LINK_CHARS: usize = 300;

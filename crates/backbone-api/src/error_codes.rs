//! The codes in [`crate::ErrorBody::code`]. Status 400 unless said otherwise. A client must expect
//! others, too, and take an unknown one with status 400 as "invalid input".

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = concat!("error.platform.", $code);)*
    };
}

codes! {
    /// 404: it does not exist, or not for the caller, or has expired, or the password is wrong.
    RECORD_NOT_FOUND = "recordNotFound";
    /// 403: it exists but is not the caller's.
    FORBIDDEN = "forbidden";
    /// Unknown app or wrong secret at `POST Identities` (400). Clients make it from 401, too.
    UNAUTHORIZED = "unauthorized";
    /// 429: a quota is used up, or the own identity is to be deleted.
    QUOTA_EXHAUSTED = "quotaExhausted";
    /// 500: the server's fault.
    UNEXPECTED = "unexpected";
    /// Not JSON, a required property is missing, or a value has a wrong type.
    INPUT_CANNOT_BE_PARSED = "inputCannotBeParsed";
    /// The body is longer than [`crate::limits::MAX_REQUEST_BYTES`].
    REQUEST_BODY_TOO_LARGE = "requestBodyTooLarge";
    /// No push service is configured for this app.
    UNSUPPORTED_APP_ID = "unsupportedAppId";

    /// A value is of the right type but not allowed.
    INVALID_PROPERTY_VALUE = "validation.invalidPropertyValue";
    /// An id is not one.
    INVALID_ID = "validation.invalidId";
    /// Not 1 to [`crate::limits::MAX_PAGE_SIZE`].
    INVALID_PAGE_SIZE = "validation.pagination.invalidPageSize";
    /// Not a two-letter code of ISO 639-1.
    INVALID_DEVICE_COMMUNICATION_LANGUAGE = "validation.invalidDeviceCommunicationLanguage";

    /// The signature of a challenge is not one of that key.
    INVALID_SIGNATURE = "validation.device.invalidSignature";
    /// The challenge is too old.
    CHALLENGE_HAS_EXPIRED = "validation.device.challengeHasExpired";
    /// The app may not make more identities.
    CLIENT_REACHED_IDENTITIES_LIMIT = "validation.device.clientReachedIdentitiesLimit";
    /// The key has an identity already.
    ADDRESS_ALREADY_EXISTS = "validation.device.addressAlreadyExists";
    /// The device's password does not follow the server's rule.
    REGISTRATION_FAILED = "validation.device.registrationFailed";
    /// The old password is wrong, or the new one does not follow the server's rule.
    CHANGE_PASSWORD_FAILED = "validation.device.changePasswordFailed";
    /// The device logged in already, or is another identity's.
    DEVICE_CANNOT_BE_DELETED = "validation.device.deviceCannotBeDeleted";
    /// The identity has a backup device already.
    ONLY_ONE_BACKUP_DEVICE_CAN_EXIST = "validation.device.onlyOneBackupDeviceCanExist";
    /// The identity's deletion runs already.
    ONLY_ONE_ACTIVE_DELETION_PROCESS_ALLOWED = "validation.device.onlyOneActiveDeletionProcessAllowed";
    /// The deletion is not active.
    DELETION_PROCESS_IS_NOT_IN_REQUIRED_STATUS = "validation.device.deletionProcessIsNotInRequiredStatus";
    /// The deletion cannot be cancelled any more.
    GRACE_PERIOD_HAS_ALREADY_EXPIRED = "validation.device.gracePeriodHasAlreadyExpired";
    /// Too many feature flags.
    MAX_NUMBER_OF_FEATURE_FLAGS_EXCEEDED = "validation.featureFlag.maxNumberOfFeatureFlagsExceeded";

    /// The template was loaded by as many identities as may.
    MAX_NUMBER_OF_ALLOCATIONS_EXHAUSTED = "validation.relationshipTemplate.maxNumberOfAllocationsExhausted";

    /// The peer's identity is to be deleted.
    PEER_IS_TO_BE_DELETED = "validation.relationship.peerIsToBeDeleted";
    /// There is a relationship with that peer already.
    RELATIONSHIP_TO_TARGET_ALREADY_EXISTS = "validation.relationship.relationshipToTargetAlreadyExists";
    /// The template is the caller's own.
    CANNOT_CREATE_RELATIONSHIP_WITH_YOURSELF = "validation.relationship.cannotCreateRelationshipWithYourself";
    /// The action does not go with the relationship's state.
    RELATIONSHIP_IS_NOT_IN_CORRECT_STATUS = "validation.relationship.relationshipIsNotInCorrectStatus";
    /// Only the template's creator accepts or rejects.
    CANNOT_ACCEPT_OR_REJECT_RELATIONSHIP_ADDRESSED_TO_SOMEONE_ELSE = "validation.relationship.cannotAcceptOrRejectRelationshipAddressedToSomeoneElse";
    /// Only who created the relationship revokes it.
    CANNOT_REVOKE_RELATIONSHIP_NOT_CREATED_BY_YOURSELF = "validation.relationship.cannotRevokeRelationshipNotCreatedByYourself";
    /// A reactivation is asked for already.
    CANNOT_REQUEST_REACTIVATION_WHEN_THERE_IS_AN_OPEN_REACTIVATION_REQUEST = "validation.relationship.cannotRequestReactivationWhenThereIsAnOpenReactivationRequest";
    /// Nobody asked for a reactivation, or the caller did.
    NO_ACCEPTABLE_RELATIONSHIP_REACTIVATION_REQUEST_EXISTS = "validation.relationship.noAcceptableRelationshipReactivationRequestExists";
    /// Nobody asked for a reactivation, or the caller did.
    NO_REJECTABLE_REACTIVATION_REQUEST_EXISTS = "validation.relationship.noRejectableReactivationRequestExists";
    /// Nobody asked for a reactivation, or the peer did.
    NO_REVOCABLE_REACTIVATION_REQUEST_EXISTS = "validation.relationship.noRevocableReactivationRequestExists";
    /// The caller decomposed it already.
    RELATIONSHIP_ALREADY_DECOMPOSED = "validation.relationship.relationshipAlreadyDecomposed";

    /// There never was a relationship with a recipient.
    NO_RELATIONSHIP_TO_RECIPIENT_EXISTS = "validation.message.noRelationshipToRecipientExists";
    /// The relationship with a recipient is over.
    RELATIONSHIP_TO_RECIPIENT_NOT_ACTIVE = "validation.message.relationshipToRecipientNotActive";
    /// A recipient has too many messages of the caller that it did not fetch.
    MAX_NUMBER_OF_UNRECEIVED_MESSAGES_REACHED = "validation.message.maxNumberOfUnreceivedMessagesReached";

    /// Too many wrong passwords; the token is locked for good.
    TOO_MANY_FAILED_PASSWORD_ATTEMPTS = "token.tooManyFailedPasswordAttempts";
    /// The token is not empty.
    CONTENT_UPDATE_NOT_POSSIBLE_BECAUSE_CONTENT_ALREADY_EXISTS = "token.contentUpdateNotPossibleBecauseContentAlreadyExists";

    /// The file is the caller's own.
    CANNOT_CLAIM_OWNERSHIP_OF_OWN_FILE = "validation.file.cannotClaimOwnershipOfOwnFile";

    /// There is no relationship with a recipient.
    NO_RELATIONSHIP_TO_ONE_OR_MORE_RECIPIENTS_EXISTS = "validation.notification.noRelationshipToOneOrMoreRecipientsExists";
    /// The relationship with a recipient is over.
    RELATIONSHIP_TO_RECIPIENT_IS_NOT_IN_CORRECT_STATUS = "validation.notification.relationshipToRecipientIsNotInCorrectStatus";
    /// The server has no notification of that name.
    CODE_DOES_NOT_EXIST = "validation.notification.codeDoesNotExist";

    /// The datawallet is of a newer version than the client understands.
    INSUFFICIENT_SUPPORTED_DATAWALLET_VERSION = "validation.datawallet.insufficientSupportedDatawalletVersion";
    /// Another device pushed; pull first.
    DATAWALLET_NOT_UP_TO_DATE = "validation.datawallet.datawalletNotUpToDate";
    /// A sync run is not finalised, even if it has expired.
    CANNOT_PUSH_DATAWALLET_MODIFICATIONS_DURING_ACTIVE_SYNC_RUN = "validation.datawallet.cannotPushDatawalletModificationsDuringActiveSyncRun";
    /// A modification is of a newer version than the datawallet.
    DATAWALLET_VERSION_OF_MODIFICATION_TOO_HIGH = "datawallet.datawalletVersionOfModificationTooHigh";
    /// The datawallet is of a newer version than the upgrade's.
    CANNOT_DOWNGRADE = "datawallet.cannotDowngrade";

    /// The own identity is to be deleted.
    CANNOT_START_SYNC_RUN_WHILE_IDENTITY_IS_TO_BE_DELETED = "validation.syncRun.cannotStartSyncRunWhileIdentityIsToBeDeleted";
    /// Another sync run is neither finalised nor expired.
    CANNOT_START_SYNC_RUN_WHEN_ANOTHER_SYNC_RUN_IS_RUNNING = "validation.syncRun.cannotStartSyncRunWhenAnotherSyncRunIsRunning";
    /// The sync run is over.
    SYNC_RUN_ALREADY_FINALIZED = "validation.syncRun.syncRunAlreadyFinalized";
    /// Another device's sync run.
    CANNOT_READ_EXTERNAL_EVENTS_OF_A_SYNC_RUN_STARTED_BY_ANOTHER_DEVICE = "validation.syncRun.cannotReadExternalEventsOfASyncRunStartedByAnotherDevice";
    /// Another device's sync run.
    CANNOT_FINALIZE_SYNC_RUN_STARTED_BY_ANOTHER_DEVICE = "validation.syncRun.cannotFinalizeSyncRunStartedByAnotherDevice";
    /// Another device's sync run.
    CANNOT_REFRESH_EXPIRATION_TIME_OF_SYNC_RUN_STARTED_BY_ANOTHER_DEVICE = "validation.syncRun.cannotRefreshExpirationTimeOfSyncRunStartedByAnotherDevice";
    /// The sync run is of the other type.
    UNEXPECTED_SYNC_RUN_TYPE = "validation.syncRun.unexpectedSyncRunType";
}

/// An `errorCode` of an external event's result is too long. Leaks a validator's name upstream and
/// has no prefix.
pub const MAXIMUM_LENGTH_VALIDATOR: &str = "MaximumLengthValidator";
/// The id of a message's attachment is not one. Leaks a validator's name upstream and has no prefix.
pub const PREDICATE_VALIDATOR: &str = "PredicateValidator";
/// The size of a file is not allowed. Leaks a validator's name upstream and has no prefix.
pub const INCLUSIVE_BETWEEN_VALIDATOR: &str = "InclusiveBetweenValidator";

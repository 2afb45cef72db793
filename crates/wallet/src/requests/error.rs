//! What can be wrong with a Decision: enmeshed's codes, and where in the Request it is.

use std::{borrow::Cow, fmt};

/// enmeshed's codes, as other wallets and scripts know them.
pub mod code {
    /// A failing item makes its group and the Request fail.
    pub const INHERITED: &str = "error.consumption.requests.validation.inheritedFromItem";
    /// Answers ≠ items, in the Request or in a group.
    pub const NUMBER_OF_ITEMS: &str =
        "error.consumption.requests.decide.validation.invalidNumberOfItems";
    /// An item answered with `items`.
    pub const ITEM_ANSWERED_AS_GROUP: &str =
        "error.consumption.requests.decide.validation.requestItemAnsweredAsRequestItemGroup";
    /// A group answered with `accept`.
    pub const GROUP_ANSWERED_AS_ITEM: &str =
        "error.consumption.requests.decide.validation.requestItemGroupAnsweredAsRequestItem";
    /// An item is accepted while the Request is rejected.
    pub const ITEM_ACCEPTED: &str =
        "error.consumption.requests.decide.validation.itemAcceptedButRequestNotAccepted";
    /// A required item is rejected while the Request is accepted.
    pub const REQUIRED_NOT_ACCEPTED: &str =
        "error.consumption.requests.decide.validation.mustBeAcceptedItemNotAccepted";
    /// The Relationship has a status in which this Request can't be answered.
    pub const WRONG_RELATIONSHIP_STATUS: &str =
        "error.consumption.requests.wrongRelationshipStatus";
    /// The peer is going to be deleted.
    pub const PEER_IN_DELETION: &str = "error.consumption.requests.peerIsInDeletion";
    /// The peer was deleted.
    pub const PEER_DELETED: &str = "error.consumption.requests.peerIsDeleted";
    /// What was chosen does not answer the query, is outdated, or private.
    pub const MISMATCH: &str = "error.consumption.requests.attributeQueryMismatch";
    /// The parameters do not fit the item.
    pub const BAD_PARAMETERS: &str = "error.consumption.requests.invalidAcceptParameters";
    /// The item itself is wrong.
    pub const BAD_ITEM: &str = "error.consumption.requests.invalidRequestItem";
    /// The parameters can't be read: a wrong type, too long, missing.
    pub const UNREADABLE: &str =
        "error.consumption.requests.servalErrorDuringRequestItemProcessing";
    /// Any other failure of an item's check; the cause is the root code.
    pub const UNEXPECTED: &str =
        "error.consumption.requests.unexpectedErrorDuringRequestItemProcessing";
    /// The Relationship an Attribute belongs to is not established.
    pub const PENDING_RELATIONSHIP: &str =
        "error.consumption.requests.cannotShareRelationshipAttributeOfPendingRelationship";
    /// A key would be used twice in a Relationship.
    pub const KEY_TAKEN: &str =
        "error.consumption.requests.violatedKeyUniquenessOfRelationshipAttributes";
    /// Characters outside of the allowed set.
    pub const CHARACTERS: &str = "error.consumption.attributes.forbiddenCharactersInAttribute";
    /// Something with this id is not here.
    pub const NOT_FOUND: &str = "error.transport.recordNotFound";
    /// The Request is not waiting for a decision (upstream throws without a code).
    pub const WRONG_STATUS: &str = "error.tessera.requests.wrongStatus";
    /// The Request's time is over (upstream throws without a code).
    pub const EXPIRED: &str = "error.tessera.requests.expired";
    /// The item is understood, but this wallet never does what it asks (upstream might).
    pub const NOT_SUPPORTED: &str = "error.tessera.requests.notSupported";
    /// A received Request has an id that is already stored.
    pub const DUPLICATE_ID: &str = "error.consumption.requests.cannotCreateRequestWithDuplicateId";
    /// A Request in an own Message or template (upstream throws without a code).
    pub const OWN_SOURCE: &str = "error.tessera.requests.ownSource";
    /// An offered File is expired. (Upstream has one code for all that is wrong with a File,
    /// [`BAD_ITEM`]; these say which.)
    pub const FILE_EXPIRED: &str = "error.tessera.files.expired";
    /// An offered File belongs to this identity already.
    pub const FILE_IS_OWN: &str = "error.tessera.files.alreadyOwn";
    /// An offered File belongs to somebody else than the sender.
    pub const FILE_OF_SOMEBODY_ELSE: &str = "error.tessera.files.ofSomebodyElse";
    /// An offered File comes without the token that hands it over, or with a wrong one.
    pub const FILE_TOKEN_NOT_VALID: &str = "error.tessera.files.tokenNotValid";
    /// No Attribute can refer to an offered File.
    pub const FILE_NOT_USABLE: &str = "error.tessera.files.notUsable";
    /// The Request contains something this version does not understand (upstream can't read it).
    pub const NOT_UNDERSTOOD: &str = "error.tessera.requests.notUnderstood";
}

/// What is wrong with one item, or with the Request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The code.
    pub code: &'static str,
    /// The cause, where upstream's code hides it.
    pub root: Option<&'static str>,
    /// In English, without any value of an Attribute.
    pub message: Cow<'static, str>,
}

impl Problem {
    pub(crate) fn new(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            root: None,
            message: message.into(),
        }
    }

    /// A failure that upstream wraps: it reports [`code::UNEXPECTED`], the cause is `root`.
    pub(crate) fn wrapped(root: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: code::UNEXPECTED,
            root: Some(root),
            message: message.into(),
        }
    }

    pub(crate) fn mismatch(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(code::MISMATCH, message)
    }

    pub(crate) fn bad_parameters(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(code::BAD_PARAMETERS, message)
    }

    pub(crate) fn bad_item(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(code::BAD_ITEM, message)
    }

    pub(crate) fn unreadable(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(code::UNREADABLE, message)
    }
}

/// Why a Decision is refused: the first thing that is wrong, in the order of the Request.
/// Nothing has changed when this is returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionError {
    /// enmeshed's code; the cause where enmeshed's own code hides it.
    pub code: Cow<'static, str>,
    /// Where: empty for the Request, `[1]` for its second item or group, `[1, 0]` for the first
    /// item of that group.
    pub path: Vec<u32>,
    /// In English, without any value of an Attribute.
    pub message: Cow<'static, str>,
}

impl DecisionError {
    pub(crate) fn at(path: Vec<u32>, problem: Problem) -> Self {
        Self {
            code: problem.root.unwrap_or(problem.code).into(),
            path,
            message: problem.message,
        }
    }

    /// enmeshed's code.
    #[must_use]
    pub fn code(&self) -> Cow<'static, str> {
        self.code.clone()
    }
}

impl fmt::Display for DecisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return write!(
                f,
                "the Request can't be decided like this: {}",
                self.message
            );
        }
        let path: Vec<String> = self.path.iter().map(u32::to_string).collect();
        write!(
            f,
            "item {} can't be decided like this: {}",
            path.join("."),
            self.message
        )
    }
}

impl std::error::Error for DecisionError {}

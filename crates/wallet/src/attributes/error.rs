//! Why something can't be done with an Attribute.

use tessera_content::ContentError;
use tessera_core_types::AttributeId;

use super::SuccessionProblem;

/// Why something can't be done with an own Attribute, or with one that was received. Nothing has
/// changed then. Its text holds nothing of any Attribute.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttributeError {
    /// There is none with this id.
    #[error("there is no such Attribute")]
    NotFound,
    /// There is none with this id to make a new version of.
    #[error("there is no such Attribute to make a new version of")]
    PredecessorNotFound,
    /// Only an own IdentityAttribute can be used like this.
    #[error("it is no own IdentityAttribute")]
    NotOwnIdentityAttribute,
    /// Only an own RelationshipAttribute can be used like this.
    #[error("it is no own RelationshipAttribute")]
    NotOwnRelationshipAttribute,
    /// There is an own one with this value: it can be used instead.
    #[error("there is an own Attribute with this value already: {existing}")]
    Duplicate {
        /// The one that is there.
        existing: AttributeId,
    },
    /// What a new Attribute says is not valid.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// What a new version says is not valid.
    #[error("the new version is not valid: {0}")]
    InvalidSuccessor(ContentError),
    /// The new version breaks a rule.
    #[error(transparent)]
    Succession(#[from] SuccessionProblem),
    /// Only the newest version can be the default.
    #[error("there is a newer version of it")]
    HasSuccessor,
    /// This wallet keeps no defaults.
    #[error("this wallet keeps no defaults")]
    DefaultsDisabled,
    /// The peer has no older version that could be succeeded: it was never given one, or has
    /// deleted it.
    #[error("the contact has no older version of it")]
    PeerHasNoOlderVersion,
    /// The peer has this version.
    #[error("the contact has this version already")]
    PeerHasThisVersion,
    /// The peer has a newer version.
    #[error("the contact has a newer version already")]
    PeerHasNewerVersion,
    /// Somebody who has it can't be told before the Relationship is decided.
    #[error("somebody who has it can't be told while the Relationship is Pending")]
    RelationshipPending,
    /// There is no Relationship over which the peer can be told.
    #[error("there is no Relationship over which the contact can be told")]
    CannotBeTold,
    /// The person's own word for it is too long.
    #[error("a label has at most {0} characters")]
    LabelTooLong(usize),
    /// Only what was shared for a Relationship that never was is taken back.
    #[error("the Relationship was neither rejected nor revoked")]
    NeitherRejectedNorRevoked,
    /// Only a Relationship that the peer has decomposed marks what was shared as deleted.
    #[error("the peer has not decomposed the Relationship")]
    NotDeletionProposed,
}

impl AttributeError {
    /// enmeshed's code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "error.runtime.recordNotFound",
            Self::PredecessorNotFound => "error.consumption.attributes.predecessorDoesNotExist",
            Self::NotOwnIdentityAttribute => "error.runtime.attributes.isNotOwnIdentityAttribute",
            Self::NotOwnRelationshipAttribute => {
                "error.runtime.attributes.isNotOwnRelationshipAttribute"
            }
            Self::Duplicate { .. } => {
                "error.runtime.attributes.cannotCreateDuplicateOwnIdentityAttribute"
            }
            Self::Content(error) => error.code(),
            Self::InvalidSuccessor(_) => {
                "error.consumption.attributes.successorIsNotAValidAttribute"
            }
            Self::Succession(problem) => problem.code(),
            Self::HasSuccessor => "error.runtime.attributes.hasSuccessor",
            Self::DefaultsDisabled => {
                "error.runtime.attributes.setDefaultOwnIdentityAttributesIsDisabled"
            }
            Self::PeerHasNoOlderVersion => {
                "error.runtime.attributes.peerHasNoPreviousVersionOfAttribute"
            }
            Self::PeerHasThisVersion => {
                "error.runtime.attributes.ownIdentityAttributeHasAlreadyBeenSharedWithPeer"
            }
            Self::PeerHasNewerVersion => {
                "error.runtime.attributes.successorOfOwnIdentityAttributeHasAlreadyBeenSharedWithPeer"
            }
            Self::RelationshipPending => {
                "error.runtime.attributes.cannotDeleteSharedAttributeWhileRelationshipIsPending"
            }
            Self::CannotBeTold => "error.runtime.messages.hasNoActiveRelationship",
            Self::LabelTooLong(_) => "error.tessera.attributes.labelTooLong",
            Self::NeitherRejectedNorRevoked => {
                "error.runtime.relationships.isNeitherRejectedNorRevoked"
            }
            Self::NotDeletionProposed => {
                "error.consumption.attributes.wrongRelationshipStatusToSetDeletionInfo"
            }
        }
    }
}

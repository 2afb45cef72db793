//! What can go wrong in the wallet.

use std::borrow::Cow;

use tessera_backbone_api::client::ClientError;
use tessera_content::ContentError;
use tessera_crypto::CryptoError;

use crate::{
    answers::AnswerError, attributes::AttributeError, contacts::ContactError,
    envelopes::EnvelopeError, keys::KeyError, own_requests::OwnRequestError,
    requests::DecisionError, store::StoreError, views::RelationshipStatus,
};

/// Why the wallet did not do what it was asked to. Its text holds no secret, no reference and no
/// value of an Attribute.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WalletError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database's key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Something that was opened, or to be sealed.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The Backbone, or the way to it.
    #[error(transparent)]
    Backbone(#[from] ClientError),
    /// Content that is not what it should be.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// A key or a counter.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// A Decision that can't be taken like this.
    #[error(transparent)]
    Decision(#[from] DecisionError),
    /// An answer that does not fit what was asked.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// Something that can't be done with an Attribute.
    #[error(transparent)]
    Attribute(#[from] AttributeError),
    /// Something about a contact that is not kept.
    #[error(transparent)]
    Contact(#[from] ContactError),
    /// A Request that can't be sent.
    #[error(transparent)]
    OwnRequest(#[from] OwnRequestError),

    /// There is a finished wallet in the folder already.
    #[error("there is a wallet in this folder already")]
    Exists,
    /// The wallet is there, but its identity was never registered: making it was interrupted.
    #[error("the profile is not finished: make it once more while the Backbone can be reached")]
    ProfileUnfinished,
    /// The Backbone computed another address than the one that follows from the key.
    #[error("the Backbone gave the new identity another address than its key has")]
    AddressMismatch,
    /// The Backbone does not know this program's client id or secret.
    #[error("the Backbone does not accept this program's client id and secret")]
    ClientNotAccepted,
    /// Addresses contain the Backbone's host name, so it can't change.
    #[error("the host name of the Backbone can't change: the identity's address contains it")]
    HostChanged,

    /// A record of this kind with this id is not stored here.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The code refers to something that can't be used here.
    #[error("the code is for a {0}, which can't be used here")]
    WrongKind(&'static str),
    /// The token holds something that can't be used here.
    #[error("the token holds nothing that this wallet can open")]
    TokenContentNotSupported,
    /// Secrets for a device of another profile, where a template was expected.
    #[error("the code would add a device to a profile; it can't be opened here")]
    DeviceOnboardingNotAllowed,
    /// The token is still empty.
    #[error("the token is empty")]
    EmptyToken,
    /// The code is for another Backbone than the profile's.
    #[error("the code is for the Backbone at {host}, which is not this profile's")]
    ForeignBackbone {
        /// Its host name, with the port if it has an unusual one.
        host: String,
    },
    /// The code says that a password or PIN is needed.
    #[error("a password is needed")]
    NoPasswordProvided,
    /// The PIN does not have the form the code says.
    #[error("the PIN must have {0} digits")]
    PinLength(u8),
    /// The code is for somebody else.
    #[error("the code is meant for somebody else")]
    NotIntendedForYou,
    /// The Backbone has no such record for this identity; a password was given. A wrong password,
    /// an expired record and one that is gone look the same.
    #[error("the password is wrong, or what it protects has expired or is gone")]
    WrongPasswordOrGone,
    /// The Backbone has no such record for this identity; no password was needed.
    #[error("it has expired, is gone, or is meant for somebody else")]
    Gone,
    /// As many identities as may have opened the template already.
    #[error("it has been opened as often as it may be")]
    AllocationsExhausted,
    /// What a new template says can't be.
    #[error("the template can't be made: {0}")]
    InvalidTemplate(&'static str),

    /// A template that can't start a Relationship any more.
    #[error("the template has expired")]
    TemplateExpired,
    /// There is a Relationship to the peer already.
    #[error("there is a Relationship to this peer already, its status is {0:?}")]
    RelationshipCurrentlyExists(RelationshipStatus),
    /// The peer has not deleted a former Relationship yet.
    #[error("the peer has not deleted the former Relationship yet")]
    NotYetDecomposedByPeer,
    /// The peer's identity was deleted.
    #[error("the identity that made the template was deleted")]
    PeerDeleted,
    /// The peer's identity is going to be deleted.
    #[error("the identity that made the template is going to be deleted")]
    PeerToBeDeleted,
    /// A Relationship has a status in which this is not possible.
    #[error("this is not possible while the Relationship is {0:?}")]
    WrongRelationshipStatus(RelationshipStatus),
    /// Only the other side may do that.
    #[error("only the other side of the Relationship can do that")]
    OnlyAllowedForPeer,
    /// Somebody has asked already to take the Relationship up again.
    #[error("{} asked already to take the Relationship up again", if *by_me { "this side" } else { "the peer" })]
    ReactivationAlreadyRequested {
        /// Whether it was this side; else the peer's question can be answered.
        by_me: bool,
    },
    /// Nobody has asked to take the Relationship up again.
    #[error("nobody has asked to take the Relationship up again")]
    ReactivationNotRequested,
    /// Another decision about the Relationship waits to be sent.
    #[error("another decision about this Relationship waits to be sent")]
    DecisionWaits,
    /// An accepted answer to another template of the same peer waits to be sent: it will start the
    /// Relationship.
    #[error("another answer that starts a Relationship with this peer waits to be sent")]
    AnswerWaits,
    /// The Relationship to a recipient has ended: only Notifications travel along it.
    #[error("there is no active Relationship to a recipient")]
    NoActiveRelationship,
    /// There is no Relationship along which anything could travel.
    #[error("there is neither an active nor a terminated Relationship to a recipient")]
    NoRelationshipToRecipient,
    /// A recipient's identity is going to be deleted.
    #[error("the identity of a recipient is going to be deleted")]
    RecipientInDeletion,
    /// A recipient's identity was deleted.
    #[error("the identity of a recipient was deleted")]
    RecipientDeleted,
    /// A Request that can be answered is not put away.
    #[error("the Request can be answered, so it can't be put away")]
    NotDismissible,
    /// A Decision on the Request is held; to decide anew it has to be taken back first.
    #[error("a decision on the Request is held: take it back first")]
    DecisionHeld,
    /// No Decision on the Request is held, or it was carried out already.
    #[error("there is nothing to take back: the decision was carried out, or none was made")]
    NotHeld,
    /// What was entered into a form can't be kept: it is too large, or there is nothing to decide.
    #[error(
        "the draft can't be kept: it is too large, or the Request is not waiting for a decision"
    )]
    DraftRefused,
    /// A File that is too large to be given to a Backbone.
    #[error("the file is larger than {} MiB", crate::envelopes::file::MAX_FILE_BYTES / 1024 / 1024)]
    FileTooLarge,
    /// The Backbone does not hand over a File that a Request hands over.
    #[error("the file can't be taken over: its owner's token is not valid any more")]
    FileNotClaimed,
    /// A Message that can't be sent like this.
    #[error("the message can't be sent: {0}")]
    InvalidMessage(&'static str),
    /// A Mail that failed was sent again already.
    #[error("the message was sent again already")]
    SentAgain,
    /// A File that is attached, or is to be, is no longer at the Backbone.
    #[error("an attached file has expired")]
    AttachmentExpired,
    /// What is attached to a Message is no reference to a File.
    #[error("what is attached is no reference to a file")]
    AttachmentUnreadable,
    /// A Request's answer was not delivered before its time was over.
    #[error("the answer could not be delivered in time")]
    AnswerExpired,
    /// Keys of a Relationship or template are not stored here.
    #[error("a secret is missing: {0}")]
    SecretNotFound(&'static str),

    /// The Datawallet was brought to a version by another device that this program doesn't know.
    #[error("another device uses a newer version: this program is too old for this identity")]
    DatawalletTooNew,
}

/// The result of what a wallet is asked to do.
pub type Result<T, E = WalletError> = std::result::Result<T, E>;

impl WalletError {
    /// enmeshed's code where it has one (`error.transport.…`, `error.runtime.…`,
    /// `error.consumption.…`, `error.platform.…`), else `error.tessera.…`.
    #[must_use]
    pub fn code(&self) -> Cow<'_, str> {
        match self {
            Self::Store(error) => error.code().into(),
            Self::Key(error) => error.code().into(),
            Self::Envelope(error) => error.code().into(),
            Self::Backbone(error) => error.code().into(),
            Self::Content(error) => error.code().into(),
            Self::Crypto(error) => error.code().into(),
            Self::Decision(error) => error.code.as_ref().into(),
            Self::Answer(error) => error.code.as_ref().into(),
            Self::Attribute(error) => error.code().into(),
            Self::Contact(error) => error.code().into(),
            Self::OwnRequest(error) => error.code.as_ref().into(),
            other => other.own_code().into(),
        }
    }

    fn own_code(&self) -> &'static str {
        match self {
            Self::Exists => "error.tessera.wallet.exists",
            Self::ProfileUnfinished => "error.tessera.wallet.profileUnfinished",
            Self::AddressMismatch => "error.tessera.wallet.addressMismatch",
            Self::ClientNotAccepted => "error.transport.general.platformClientInvalid",
            Self::HostChanged => "error.tessera.wallet.hostChanged",
            Self::NotFound(_) => "error.transport.recordNotFound",
            Self::WrongKind(_) => "error.runtime.invalidReference",
            Self::TokenContentNotSupported => {
                "error.appruntime.appStringProcessor.notSupportedTokenContent"
            }
            Self::DeviceOnboardingNotAllowed => {
                "error.appruntime.appStringProcessor.deviceOnboardingNotAllowed"
            }
            Self::EmptyToken => "error.transport.tokens.emptyToken",
            Self::ForeignBackbone { .. } => "error.tessera.references.foreignBackbone",
            Self::NoPasswordProvided => "error.transport.noPasswordProvided",
            Self::PinLength(_) => "error.tessera.templates.pinLength",
            Self::NotIntendedForYou => "error.transport.general.notIntendedForYou",
            Self::WrongPasswordOrGone => "error.tessera.templates.wrongPasswordOrGone",
            Self::Gone => "error.runtime.recordNotFound",
            Self::AllocationsExhausted => {
                "error.platform.validation.relationshipTemplate.maxNumberOfAllocationsExhausted"
            }
            Self::InvalidTemplate(_) => "error.runtime.validation.invalidPropertyValue",
            Self::TemplateExpired => "error.transport.relationships.relationshipTemplateIsExpired",
            Self::RelationshipCurrentlyExists(_) => {
                "error.transport.relationships.relationshipCurrentlyExists"
            }
            Self::NotYetDecomposedByPeer => {
                "error.transport.relationships.relationshipNotYetDecomposedByPeer"
            }
            Self::PeerDeleted => "error.transport.relationships.deletedOwnerOfRelationshipTemplate",
            Self::PeerToBeDeleted => {
                "error.transport.relationships.activeIdentityDeletionProcessOfOwnerOfRelationshipTemplate"
            }
            Self::WrongRelationshipStatus(_) => {
                "error.transport.relationships.wrongRelationshipStatus"
            }
            Self::OnlyAllowedForPeer => "error.transport.relationships.operationOnlyAllowedForPeer",
            Self::ReactivationAlreadyRequested { .. } => {
                "error.transport.relationships.reactivationAlreadyRequested"
            }
            Self::ReactivationNotRequested => {
                "error.transport.relationships.reactivationNotRequested"
            }
            Self::DecisionWaits => "error.tessera.relationships.decisionWaits",
            Self::AnswerWaits => "error.tessera.relationships.answerWaits",
            Self::NoActiveRelationship => "error.runtime.messages.hasNoActiveRelationship",
            Self::NoRelationshipToRecipient => {
                "error.transport.messages.hasNeitherActiveNorTerminatedRelationship"
            }
            Self::RecipientInDeletion => "error.runtime.messages.peerIsInDeletion",
            Self::RecipientDeleted => "error.transport.messages.peerIsDeleted",
            Self::NotDismissible => "error.tessera.requests.notDismissible",
            Self::DecisionHeld => "error.tessera.requests.decisionHeld",
            Self::NotHeld => "error.tessera.requests.notHeld",
            Self::DraftRefused => "error.tessera.requests.draftRefused",
            Self::FileTooLarge => "error.transport.files.maxFileSizeExceeded",
            Self::FileNotClaimed => "error.tessera.files.notClaimed",
            Self::InvalidMessage(_) => "error.tessera.messages.invalid",
            Self::SentAgain => "error.tessera.messages.sentAgain",
            Self::AttachmentExpired => "error.tessera.messages.attachmentExpired",
            Self::AttachmentUnreadable => "error.tessera.messages.attachmentUnreadable",
            Self::AnswerExpired => "error.tessera.requests.answerExpired",
            Self::SecretNotFound(_) => "error.transport.secrets.secretNotFound",
            Self::DatawalletTooNew => {
                "error.transport.datawallet.insufficientSupportedDatawalletVersion"
            }
            // The others have codes of their own, see `code`.
            _ => "error.tessera.wallet.unexpected",
        }
    }

    /// Whether the Backbone can't be reached: a state, not a mistake. It is worth another try
    /// when there is a connection again.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        matches!(self, Self::Backbone(ClientError::Network { .. }))
    }

    /// Whether something that opened is not what it claims to be.
    #[must_use]
    pub fn is_suspicious(&self) -> bool {
        match self {
            Self::Envelope(error) => error.is_suspicious(),
            Self::Answer(_) => true,
            _ => false,
        }
    }
}

//! Why a Notification is refused.

use crate::attributes::SuccessionProblem;

/// Why a received Notification is refused, as a whole: nothing of it is used then. Its text holds
/// nothing of the Notification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("item {} of the Notification is refused: {problem}", item + 1)]
pub struct NotificationError {
    /// The item that is wrong, from 0.
    pub item: usize,
    /// What is wrong.
    pub problem: NotificationProblem,
}

/// What is wrong with an item of a Notification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotificationProblem {
    /// It is of a type that this version does not know. (Upstream can't read it at all.)
    #[error("it is of a type that is not known here")]
    NotUnderstood,
    /// A new version that belongs to somebody else than the sender.
    #[error("the new version does not belong to the sender")]
    SenderIsNotOwner,
    /// There is nothing here that could be succeeded.
    #[error("the version before is not here")]
    PredecessorDoesNotExist,
    /// The Attribute is not of a kind that this can happen to.
    #[error("the Attribute is of another kind")]
    WrongTypeOfAttribute,
    /// The sender neither gave the Attribute nor has it.
    #[error("the sender has nothing to do with the Attribute")]
    SenderIsNotPeer,
    /// The sender has told before that it deleted the Attribute.
    #[error("the sender has deleted it before")]
    AlreadyDeleted,
    /// The new version breaks a rule.
    #[error(transparent)]
    Succession(#[from] SuccessionProblem),
}

impl NotificationError {
    /// enmeshed's code where it has one, else ours.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.problem {
            NotificationProblem::NotUnderstood => "error.tessera.notifications.notUnderstood",
            NotificationProblem::SenderIsNotOwner => {
                "error.consumption.attributes.successionPeerIsNotOwner"
            }
            NotificationProblem::PredecessorDoesNotExist => {
                "error.consumption.attributes.predecessorDoesNotExist"
            }
            NotificationProblem::WrongTypeOfAttribute => {
                "error.consumption.attributes.wrongTypeOfAttribute"
            }
            NotificationProblem::SenderIsNotPeer | NotificationProblem::AlreadyDeleted => {
                "error.consumption.attributes.senderIsNotPeerOfSharedAttribute"
            }
            NotificationProblem::Succession(problem) => problem.code(),
        }
    }

    /// Whether the sender speaks of what is not its own. The others happen between honest wallets
    /// that have lost sight of each other.
    #[must_use]
    pub fn is_suspicious(&self) -> bool {
        matches!(
            self.problem,
            NotificationProblem::SenderIsNotOwner
                | NotificationProblem::SenderIsNotPeer
                | NotificationProblem::Succession(
                    SuccessionProblem::Owner | SuccessionProblem::IdInUse
                )
        )
    }
}

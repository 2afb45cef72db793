//! What participants may do to a relationship.

use tessera_backbone_api::{
    error_codes,
    relationships::{
        RelationshipAction as Action, RelationshipAuditLogReason as Reason,
        RelationshipStatus as Status,
    },
};

use crate::http::error::ApiError;

/// A relationship as far as the rules look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    pub status: Status,
    /// Who asked for a reactivation that is still open.
    pub reactivation_requested_by: Option<Side>,
    pub decomposed_by_from: bool,
    pub decomposed_by_to: bool,
}

/// A participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Who created the relationship.
    From,
    /// Who created the template.
    To,
}

impl Side {
    /// The peer.
    pub fn other(self) -> Self {
        match self {
            Self::From => Self::To,
            Self::To => Self::From,
        }
    }
}

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    pub status: Status,
    pub reason: Reason,
    /// The external event that the peer gets.
    pub event: Option<PeerEvent>,
}

/// The external event of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerEvent {
    StatusChanged,
    ReactivationRequested,
    ReactivationCompleted,
}

impl Situation {
    fn is_decomposed_by(self, side: Side) -> bool {
        match side {
            Side::From => self.decomposed_by_from,
            Side::To => self.decomposed_by_to,
        }
    }

    /// What comes of an action of that side. The status is checked before the actor.
    pub fn effect(self, action: Action, actor: Side) -> Result<Effect, ApiError> {
        match action {
            Action::Accept => self.answer(actor, Status::Active, Reason::AcceptanceOfCreation),
            Action::Reject => self.answer(actor, Status::Rejected, Reason::RejectionOfCreation),
            Action::Revoke => {
                self.in_status(&[Status::Pending])?;
                if actor == Side::To {
                    return Err(broken(
                        error_codes::CANNOT_REVOKE_RELATIONSHIP_NOT_CREATED_BY_YOURSELF,
                        "You cannot revoke a relationship that was not created by you.",
                    ));
                }
                Ok(changed(Status::Revoked, Reason::RevocationOfCreation))
            }
            Action::Terminate => {
                self.in_status(&[Status::Active])?;
                Ok(changed(Status::Terminated, Reason::Termination))
            }
            Action::RequestReactivation => {
                if self.reactivation_requested_by.is_some() {
                    return Err(broken(
                        error_codes::CANNOT_REQUEST_REACTIVATION_WHEN_THERE_IS_AN_OPEN_REACTIVATION_REQUEST,
                        "A relationship reactivation cannot be requested when there is an open request.",
                    ));
                }
                self.in_status(&[Status::Terminated])?;
                Ok(Effect {
                    status: Status::Terminated,
                    reason: Reason::ReactivationRequested,
                    event: Some(PeerEvent::ReactivationRequested),
                })
            }
            Action::AcceptReactivation => self.end_reactivation(
                actor.other(),
                Status::Active,
                Reason::AcceptanceOfReactivation,
                error_codes::NO_ACCEPTABLE_RELATIONSHIP_REACTIVATION_REQUEST_EXISTS,
            ),
            Action::RejectReactivation => self.end_reactivation(
                actor.other(),
                Status::Terminated,
                Reason::RejectionOfReactivation,
                error_codes::NO_REJECTABLE_REACTIVATION_REQUEST_EXISTS,
            ),
            Action::RevokeReactivation => self.end_reactivation(
                actor,
                Status::Terminated,
                Reason::RevocationOfReactivation,
                error_codes::NO_REVOCABLE_REACTIVATION_REQUEST_EXISTS,
            ),
            Action::Decompose => self.decompose(actor),
        }
    }

    fn in_status(self, wanted: &[Status]) -> Result<(), ApiError> {
        if wanted.contains(&self.status) {
            return Ok(());
        }
        let names: Vec<String> = wanted.iter().map(|status| format!("{status:?}")).collect();
        Err(ApiError::rule(
            error_codes::RELATIONSHIP_IS_NOT_IN_CORRECT_STATUS,
            format!(
                "To perform this action, the relationship has to be in status '{}'.",
                names.join("' or '")
            ),
        ))
    }

    fn answer(self, actor: Side, status: Status, reason: Reason) -> Result<Effect, ApiError> {
        self.in_status(&[Status::Pending])?;
        if actor == Side::From {
            return Err(broken(
                error_codes::CANNOT_ACCEPT_OR_REJECT_RELATIONSHIP_ADDRESSED_TO_SOMEONE_ELSE,
                "You cannot accept or reject a relationship that is not addressed to you.",
            ));
        }
        Ok(changed(status, reason))
    }

    fn end_reactivation(
        self,
        must_be_asked_by: Side,
        status: Status,
        reason: Reason,
        code: &'static str,
    ) -> Result<Effect, ApiError> {
        self.in_status(&[Status::Terminated])?;
        if self.reactivation_requested_by != Some(must_be_asked_by) {
            return Err(broken(
                code,
                "There is no reactivation request with which you can do this.",
            ));
        }
        Ok(Effect {
            status,
            reason,
            event: Some(PeerEvent::ReactivationCompleted),
        })
    }

    fn decompose(self, actor: Side) -> Result<Effect, ApiError> {
        if self.is_decomposed_by(actor) {
            return Err(already_decomposed());
        }
        self.in_status(&[
            Status::Rejected,
            Status::Revoked,
            Status::Terminated,
            Status::DeletionProposed,
        ])?;
        if self.status == Status::DeletionProposed {
            return Ok(Effect {
                status: Status::ReadyForDeletion,
                reason: Reason::Decomposition,
                event: None,
            });
        }
        Ok(changed(Status::DeletionProposed, Reason::Decomposition))
    }
}

/// The caller has decomposed the relationship.
pub fn already_decomposed() -> ApiError {
    broken(
        error_codes::RELATIONSHIP_ALREADY_DECOMPOSED,
        "You already decomposed this relationship.",
    )
}

fn changed(status: Status, reason: Reason) -> Effect {
    Effect {
        status,
        reason,
        event: Some(PeerEvent::StatusChanged),
    }
}

fn broken(code: &'static str, message: &'static str) -> ApiError {
    ApiError::rule(code, message)
}

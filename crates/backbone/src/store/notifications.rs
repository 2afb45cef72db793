//! Notifications: who may send one to whom. This server pushes nothing, so nothing comes of them.

use rusqlite::Connection;
use tessera_backbone_api::{error_codes, relationships::RelationshipStatus as Status};
use tessera_core_types::Address;

use super::relationships;
use crate::http::{caller::Caller, error::ApiError};

/// Checks that the caller may send a notification to all of them.
pub fn check_recipients(
    connection: &Connection,
    caller: &Caller,
    recipients: &[Address],
) -> Result<(), ApiError> {
    let mut statuses = Vec::with_capacity(recipients.len());
    for recipient in recipients {
        let newest = relationships::newest_between(connection, &caller.address, recipient)?;
        let Some((_, status)) = newest else {
            return Err(ApiError::rule(
                error_codes::NO_RELATIONSHIP_TO_ONE_OR_MORE_RECIPIENTS_EXISTS,
                "There is no relationship to one or more recipients.",
            ));
        };
        statuses.push(status);
    }
    let is_open = |status: &Status| {
        matches!(
            status,
            Status::Pending | Status::Active | Status::Terminated
        )
    };
    if statuses.iter().all(is_open) {
        return Ok(());
    }
    Err(ApiError::rule(
        error_codes::RELATIONSHIP_TO_RECIPIENT_IS_NOT_IN_CORRECT_STATUS,
        "The relationship to one or more recipients is not in the correct status.",
    ))
}

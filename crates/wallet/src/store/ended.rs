//! Taking back what was shared: a Relationship that never came about leaves nothing behind.

use rusqlite::{Transaction, named_params};
use tessera_core_types::{Address, CoreDate, NotificationId, RequestId};

use super::{
    StoreError,
    columns::{Millis, Text},
    query::change,
};

/// Forgets what this side and a peer have of each other: every record of having given something
/// to it, every Attribute that came from it or belongs to the Relationship with it, all versions.
/// Own identity attributes stay. How many Attributes and records that were.
///
/// # Errors
///
/// When the database fails.
pub fn forget_shared_with(
    transaction: &Transaction<'_>,
    peer: &Address,
) -> Result<usize, StoreError> {
    let given = change(
        transaction,
        "DELETE FROM local_attribute_share_info WHERE peer = ?1 AND direction = 'forwarded'",
        [Text(peer)],
    )?;
    let attributes = change(
        transaction,
        "DELETE FROM local_attribute WHERE id IN (
            SELECT attribute_id FROM local_attribute_share_info
                WHERE peer = ?1 AND direction <> 'forwarded')",
        [Text(peer)],
    )?;
    Ok(given + attributes)
}

/// Marks what this side and a peer have of each other as deleted by the peer at that time: what was
/// given to it, and what came from it or belongs to the Relationship with it. What it has deleted,
/// or is promised to be deleted on either side, stays marked so. How many records that were.
///
/// # Errors
///
/// When the database fails.
pub fn mark_deleted_by(
    transaction: &Transaction<'_>,
    peer: &Address,
    at: CoreDate,
) -> Result<usize, StoreError> {
    change(
        transaction,
        "UPDATE local_attribute_share_info SET
            deletion_date = :at,
            deletion_status = iif(
                direction = 'forwarded' OR (
                    SELECT kind FROM local_attribute AS attribute
                        WHERE attribute.id = local_attribute_share_info.attribute_id
                ) = 'OwnRelationshipAttribute',
                'DeletedByRecipient', 'DeletedByEmitter')
            WHERE peer = :peer AND (deletion_status IS NULL
                OR deletion_status IN ('DeletionRequestSent', 'DeletionRequestRejected'))",
        named_params! { ":at": Millis(at), ":peer": Text(peer) },
    )
}

/// Takes back that a peer learned of new versions by a Notification, because it was finally not
/// sent. How many records that were.
///
/// # Errors
///
/// When the database fails.
pub fn take_back_told(
    transaction: &Transaction<'_>,
    notification: &NotificationId,
    peer: &Address,
) -> Result<usize, StoreError> {
    change(
        transaction,
        "DELETE FROM local_attribute_share_info
            WHERE peer = :peer AND direction = 'forwarded'
              AND notification_reference = :notification",
        named_params! { ":notification": Text(notification), ":peer": Text(peer) },
    )
}

/// Takes back what answering a Request recorded as shared, because the answer was finally not
/// delivered: records of having given something, and Attributes of the Relationship that did not
/// come about. Own identity attributes, also new ones, stay. How many Attributes and records that
/// were.
///
/// # Errors
///
/// When the database fails.
pub fn take_back(
    transaction: &Transaction<'_>,
    request: &RequestId,
    peer: &Address,
) -> Result<usize, StoreError> {
    let parameters = named_params! { ":request": Text(request), ":peer": Text(peer) };
    let given = change(
        transaction,
        "DELETE FROM local_attribute_share_info
            WHERE peer = :peer AND direction = 'forwarded' AND request_reference = :request",
        parameters,
    )?;
    let attributes = change(
        transaction,
        "DELETE FROM local_attribute WHERE id IN (
            SELECT attribute_id FROM local_attribute_share_info
                WHERE peer = :peer AND direction <> 'forwarded' AND request_reference = :request)",
        parameters,
    )?;
    Ok(given + attributes)
}

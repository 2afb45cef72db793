//! Acts of sharing Attributes.

use rusqlite::{Connection, Row, Transaction, named_params};
use tessera_core_types::{Address, AttributeId, CoreDate};

use super::{
    StoreError,
    columns::{Columns, Json, Millis, Name, Text},
    query::{all, change, change_one, first},
};
use crate::model::{DeletionInfo, DeletionStatus, LocalAttributeShareInfo, ShareReference};

const OF_ATTRIBUTE: &str =
    "SELECT * FROM local_attribute_share_info WHERE attribute_id = ?1 ORDER BY id";
const WITH_PEER: &str = "SELECT * FROM local_attribute_share_info
    WHERE attribute_id = ?1 AND peer = ?2 ORDER BY id";
const ORIGIN: &str = "SELECT * FROM local_attribute_share_info
    WHERE attribute_id = ?1 AND direction <> 'forwarded' AND peer <> ?2";
const ORIGIN_ALONE: &str = "SELECT * FROM local_attribute_share_info
    WHERE attribute_id = ?1 AND direction <> 'forwarded'";
/// In the order in which they were given it, so that it ends where there are enough.
const FIRST_HOLDERS: &str = "SELECT * FROM local_attribute_share_info
    INDEXED BY local_attribute_share_info_by_attribute
    WHERE attribute_id = ?1 AND direction = 'forwarded'
      AND (deletion_status IS NULL OR deletion_status <> 'DeletedByRecipient')
    ORDER BY id LIMIT ?2";
/// The triggers of the database count them.
const COUNT_HOLDERS: &str = "SELECT holders FROM attribute_version WHERE attribute_id = ?1";
const DUE: &str = "SELECT * FROM local_attribute_share_info
    WHERE deletion_status = ?1 AND deletion_date <= ?2 ORDER BY deletion_date";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[
    OF_ATTRIBUTE,
    WITH_PEER,
    ORIGIN,
    ORIGIN_ALONE,
    FIRST_HOLDERS,
    COUNT_HOLDERS,
    DUE,
];

/// Stores more acts of sharing, in this order. With one statement: what can be searched is written
/// to its index at the end of each.
///
/// # Errors
///
/// [`StoreError::Constraint`] when the Attribute is not there; when the peer has this version
/// already and has not deleted it; when it would be a second record of where the Attribute came
/// from; when a forwarding has no time or no id for own devices.
pub fn insert<'a>(
    transaction: &Transaction<'_>,
    shares: impl IntoIterator<Item = &'a LocalAttributeShareInfo>,
) -> Result<(), StoreError> {
    let rows: Vec<_> = shares
        .into_iter()
        .map(|share| {
            let (request, notification) = match &share.source_reference {
                ShareReference::Request(id) => (Some(id), None),
                ShareReference::Notification(id) => (None, Some(id)),
            };
            let deletion = share.deletion_info;
            (
                &share.attribute_id,
                share.direction,
                &share.peer,
                request,
                notification,
                share.shared_at.map(CoreDate::millis),
                &share.initial_attribute_peer,
                deletion.map(|info| info.deletion_status),
                deletion.map(|info| info.deletion_date.millis()),
                &share.forwarding_details_id,
                &share.wire_attribute_id,
            )
        })
        .collect();
    if !rows.is_empty() {
        change(
            transaction,
            "INSERT INTO local_attribute_share_info (
                attribute_id, direction, peer, request_reference, notification_reference, shared_at,
                initial_attribute_peer, deletion_status, deletion_date, forwarding_details_id,
                wire_attribute_id
            ) SELECT
                value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
                value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10
            FROM json_each(?1)",
            [Json(rows)],
        )?;
    }
    Ok(())
}

/// Changes what became of an act of sharing to the `deletion_info` of `share`: of the record with
/// the same Attribute, direction, peer and `forwarding_details_id`.
///
/// # Errors
///
/// [`StoreError::Missing`] when there is no such record. [`StoreError::Constraint`] when it would
/// come back to life beside another one that lives.
pub fn update_deletion_info(
    transaction: &Transaction<'_>,
    share: &LocalAttributeShareInfo,
) -> Result<(), StoreError> {
    change_one(
        transaction,
        "LocalAttributeShareInfo",
        "UPDATE local_attribute_share_info
            SET deletion_status = :deletion_status, deletion_date = :deletion_date
            WHERE attribute_id = :attribute_id AND direction = :direction AND peer = :peer
              AND forwarding_details_id IS :forwarding_details_id",
        named_params! {
            ":deletion_status": share.deletion_info.map(|info| Name(info.deletion_status)),
            ":deletion_date": share.deletion_info.map(|info| Millis(info.deletion_date)),
            ":attribute_id": Text(&share.attribute_id),
            ":direction": Name(share.direction),
            ":peer": Text(&share.peer),
            ":forwarding_details_id": share.forwarding_details_id.as_ref().map(Text),
        },
    )
}

/// The acts of sharing a version, the oldest first.
///
/// # Errors
///
/// When the database fails.
pub fn of_attribute(
    connection: &Connection,
    attribute: &AttributeId,
) -> Result<Vec<LocalAttributeShareInfo>, StoreError> {
    all(connection, OF_ATTRIBUTE, [Text(attribute)], read)
}

/// The act by which a version came here, and those of sharing it with this peer; the oldest first.
///
/// # Errors
///
/// When the database fails.
pub fn of_attribute_with(
    connection: &Connection,
    attribute: &AttributeId,
    peer: &Address,
) -> Result<Vec<LocalAttributeShareInfo>, StoreError> {
    let params = rusqlite::params![Text(attribute), Text(peer)];
    // It came before it could be shared.
    let mut shares = all(connection, ORIGIN, params, read)?;
    shares.extend(all(connection, WITH_PEER, params, read)?);
    Ok(shares)
}

/// The act by which a version came here, and those by which the first so many got it who have it.
///
/// # Errors
///
/// When the database fails.
pub fn of_attribute_first(
    connection: &Connection,
    attribute: &AttributeId,
    most: u32,
) -> Result<Vec<LocalAttributeShareInfo>, StoreError> {
    let params = rusqlite::params![Text(attribute), most];
    let mut shares: Vec<_> = origin(connection, attribute)?.into_iter().collect();
    shares.extend(all(connection, FIRST_HOLDERS, params, read)?);
    Ok(shares)
}

/// The act by which a version came here, if it came from somebody.
///
/// # Errors
///
/// When the database fails.
pub fn origin(
    connection: &Connection,
    attribute: &AttributeId,
) -> Result<Option<LocalAttributeShareInfo>, StoreError> {
    first(connection, ORIGIN_ALONE, [Text(attribute)], read)
}

/// How many peers were given a version and have not told that they deleted it.
///
/// # Errors
///
/// When the database fails.
pub fn count_holders(connection: &Connection, attribute: &AttributeId) -> Result<u32, StoreError> {
    let count = first(connection, COUNT_HOLDERS, [Text(attribute)], |row| {
        row.get(0)
    })?;
    Ok(count.unwrap_or_default())
}

/// The acts of sharing with this deletion status whose date has come, the oldest date first.
///
/// # Errors
///
/// When the database fails.
pub fn due(
    connection: &Connection,
    status: DeletionStatus,
    now: CoreDate,
) -> Result<Vec<LocalAttributeShareInfo>, StoreError> {
    let params = rusqlite::params![Name(status), Millis(now)];
    all(connection, DUE, params, read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<LocalAttributeShareInfo> {
    let source_reference = match row.optional_text("request_reference")? {
        Some(id) => ShareReference::Request(id),
        None => ShareReference::Notification(row.text("notification_reference")?),
    };
    let deletion_status: Option<DeletionStatus> = row.optional_name("deletion_status")?;
    let deletion_info = deletion_status
        .zip(row.optional_date("deletion_date")?)
        .map(|(deletion_status, deletion_date)| DeletionInfo {
            deletion_status,
            deletion_date,
        });
    Ok(LocalAttributeShareInfo {
        attribute_id: row.text("attribute_id")?,
        direction: row.name("direction")?,
        peer: row.text("peer")?,
        source_reference,
        shared_at: row.optional_date("shared_at")?,
        initial_attribute_peer: row.optional_text("initial_attribute_peer")?,
        deletion_info,
        forwarding_details_id: row.optional_text("forwarding_details_id")?,
        wire_attribute_id: row.text("wire_attribute_id")?,
    })
}

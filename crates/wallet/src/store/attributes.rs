//! Attributes and their versions.

use rusqlite::{Connection, Params, Row, Transaction, named_params};
use tessera_content::Attribute;
use tessera_core_types::{Address, AttributeId, CoreDate};

use super::{
    StoreError,
    columns::{Columns, Json, Millis, Name, Text},
    query::{all, change, change_one, first},
    share_info,
};
use crate::model::{AttributeKind, LocalAttribute, ShareDirection};

const BY_ID: &str = "SELECT * FROM local_attribute WHERE id = ?1";
const OLDER: &str = "SELECT succeeds FROM local_attribute WHERE id = ?1";
const BY_KIND: &str = "SELECT * FROM local_attribute WHERE kind = ?1
    ORDER BY value_type, created_at";
const BY_TYPE: &str = "SELECT * FROM local_attribute WHERE kind = ?1 AND value_type = ?2
    ORDER BY created_at";
const NOT_PRIVATE: &str = "SELECT id FROM local_attribute
    WHERE kind = ?1 AND succeeded_by IS NULL
      AND json_extract(content, '$.confidentiality') <> 'private'
    ORDER BY value_type, created_at LIMIT ?2";
const DEFAULT: &str = "SELECT * FROM local_attribute WHERE value_type = ?1 AND is_default = 1";
const BY_KEY: &str = "SELECT * FROM local_attribute WHERE key = ?1 ORDER BY created_at";
const BY_KEY_AND_PEER: &str = "SELECT attribute.* FROM local_attribute AS attribute
    WHERE attribute.key = ?1 AND EXISTS (
        SELECT 1 FROM local_attribute_share_info AS share
            WHERE share.attribute_id = attribute.id
              AND share.peer = ?2 AND share.direction <> 'forwarded')
    ORDER BY attribute.created_at";
const BY_PEER: &str = "SELECT attribute.* FROM local_attribute_share_info AS share
    JOIN local_attribute AS attribute ON attribute.id = share.attribute_id
    WHERE share.peer = ?1 AND share.direction = ?2
    GROUP BY attribute.id";
const NEWEST_RECEIVED: &str = "SELECT attribute.content FROM local_attribute_share_info AS share
    JOIN local_attribute AS attribute ON attribute.id = share.attribute_id
    WHERE share.peer = ?1 AND share.direction = ?2
      AND attribute.value_type IN (?3, ?4, ?5)
      AND attribute.succeeded_by IS NULL
    ORDER BY attribute.created_at DESC";
const BY_WIRE_ID: &str = "SELECT attribute.* FROM local_attribute_share_info AS share
    JOIN local_attribute AS attribute ON attribute.id = share.attribute_id
    WHERE share.wire_attribute_id = ?1 AND share.peer = ?2";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[
    BY_ID,
    OLDER,
    BY_KIND,
    BY_TYPE,
    NOT_PRIVATE,
    DEFAULT,
    BY_KEY,
    BY_KEY_AND_PEER,
    BY_PEER,
    NEWEST_RECEIVED,
    BY_WIRE_ID,
];

/// Which records of sharing an Attribute is read with.
#[derive(Debug, Clone, Copy)]
pub enum Shares<'a> {
    /// All.
    All,
    /// Where it came from, and those with this peer. Thousands may have an Attribute.
    With(&'a Address),
    /// Where it came from, and so many of those who have it, the first first.
    First(u32),
    /// Only where it came from.
    Origin,
}

/// Stores a new Attribute with its `share_info`.
///
/// # Errors
///
/// [`StoreError::Constraint`] when it is there, when it has no owner, when it is a second default
/// of its value type, or when the `share_info` does not fit its kind: every kind but
/// `OwnIdentityAttribute` comes with exactly one record that is not `forwarded`.
pub fn insert(transaction: &Transaction<'_>, attribute: &LocalAttribute) -> Result<(), StoreError> {
    let owner = attribute.content.owner().ok_or(StoreError::Constraint)?;
    if attribute.origin().map(|share| share.direction) != origin_of(attribute.kind) {
        return Err(StoreError::Constraint);
    }
    let key = attribute
        .content
        .as_relationship()
        .map(|relationship| relationship.key.as_str());
    change(
        transaction,
        "INSERT INTO local_attribute (
            id, kind, content, owner, value_type, key, created_at, succeeds, succeeded_by,
            was_viewed_at, is_default
        ) VALUES (
            :id, :kind, :content, :owner, :value_type, :key, :created_at, :succeeds,
            :succeeded_by, :was_viewed_at, :is_default
        )",
        named_params! {
            ":id": Text(&attribute.id),
            ":kind": Name(attribute.kind),
            ":content": Json(&attribute.content),
            ":owner": Text(owner),
            ":value_type": attribute.content.value_type(),
            ":key": key,
            ":created_at": Millis(attribute.created_at),
            ":succeeds": attribute.succeeds.as_ref().map(Text),
            ":succeeded_by": attribute.succeeded_by.as_ref().map(Text),
            ":was_viewed_at": attribute.was_viewed_at.map(Millis),
            ":is_default": attribute.is_default,
        },
    )?;
    let mut shares = attribute.share_info.iter();
    if shares.any(|share| share.attribute_id != attribute.id) {
        return Err(StoreError::Constraint);
    }
    share_info::insert(transaction, &attribute.share_info)
}

/// Stores a new version of an Attribute. The one that it `succeeds` gets it as `succeeded_by` and
/// is no default any more; whether the new one is, it says itself.
///
/// # Errors
///
/// [`StoreError::Missing`] when the version before is not there or has a successor already, and
/// those of [`insert`].
pub fn succeed(
    transaction: &Transaction<'_>,
    successor: &LocalAttribute,
) -> Result<(), StoreError> {
    let before = successor.succeeds.as_ref().ok_or(StoreError::Constraint)?;
    change_one(
        transaction,
        "Attribute",
        "UPDATE local_attribute SET succeeded_by = :successor, is_default = 0
            WHERE id = :before AND succeeded_by IS NULL",
        named_params! { ":successor": Text(&successor.id), ":before": Text(before) },
    )?;
    insert(transaction, successor)?;
    // The person's word is for what is meant, not for one version of it.
    change(
        transaction,
        "UPDATE local_attribute
            SET label = (SELECT label FROM local_attribute WHERE id = :before)
            WHERE id = :successor",
        named_params! { ":successor": Text(&successor.id), ":before": Text(before) },
    )?;
    Ok(())
}

/// Deletes a version with every record of sharing it. The version that succeeds it has no older
/// one then.
///
/// # Errors
///
/// [`StoreError::Missing`] when it is not there.
pub fn delete(transaction: &Transaction<'_>, id: &AttributeId) -> Result<(), StoreError> {
    change(
        transaction,
        "UPDATE local_attribute SET succeeds = NULL WHERE succeeds = ?1",
        [Text(id)],
    )?;
    change_one(
        transaction,
        "Attribute",
        "DELETE FROM local_attribute WHERE id = ?1",
        [Text(id)],
    )
}

/// Makes an own identity attribute the default of its value type, in place of the one before.
///
/// # Errors
///
/// [`StoreError::Missing`] when it is not there, [`StoreError::Constraint`] when it is of another
/// kind or has a successor.
pub fn set_default(transaction: &Transaction<'_>, id: &AttributeId) -> Result<(), StoreError> {
    change(
        transaction,
        "UPDATE local_attribute SET is_default = 0 WHERE is_default = 1
            AND value_type = (SELECT value_type FROM local_attribute WHERE id = ?1)",
        [Text(id)],
    )?;
    change_one(
        transaction,
        "Attribute",
        "UPDATE local_attribute SET is_default = 1 WHERE id = ?1",
        [Text(id)],
    )
}

/// Remembers when the person first looked at an Attribute; later looks change nothing.
///
/// # Errors
///
/// [`StoreError::Missing`] when it is not there.
pub fn set_viewed(
    transaction: &Transaction<'_>,
    id: &AttributeId,
    at: CoreDate,
) -> Result<(), StoreError> {
    change_one(
        transaction,
        "Attribute",
        "UPDATE local_attribute SET was_viewed_at = coalesce(was_viewed_at, :at) WHERE id = :id",
        named_params! { ":id": Text(id), ":at": Millis(at) },
    )
}

/// The Attribute with this id, with all records of sharing it.
///
/// # Errors
///
/// When the database fails.
pub fn by_id(
    connection: &Connection,
    id: &AttributeId,
) -> Result<Option<LocalAttribute>, StoreError> {
    by_id_with(connection, id, Shares::All)
}

/// The Attribute with this id.
///
/// # Errors
///
/// When the database fails.
pub fn by_id_with(
    connection: &Connection,
    id: &AttributeId,
    shares: Shares<'_>,
) -> Result<Option<LocalAttribute>, StoreError> {
    let found = first(connection, BY_ID, [Text(id)], read)?;
    found
        .map(|attribute| with_share_info(connection, attribute, shares))
        .transpose()
}

/// All versions of an Attribute with all records of sharing them, the oldest first; empty when there
/// is no Attribute with this id. A version whose neighbour is gone is where the list ends.
///
/// # Errors
///
/// When the database fails.
pub fn versions(
    connection: &Connection,
    id: &AttributeId,
) -> Result<Vec<LocalAttribute>, StoreError> {
    versions_with(connection, id, Shares::All)
}

/// The same with some of the records of sharing.
///
/// # Errors
///
/// When the database fails.
pub fn versions_with(
    connection: &Connection,
    id: &AttributeId,
    shares: Shares<'_>,
) -> Result<Vec<LocalAttribute>, StoreError> {
    let by_id = |id: &AttributeId| by_id_with(connection, id, shares);
    let Some(attribute) = by_id(id)? else {
        return Ok(Vec::new());
    };
    let mut chain = std::collections::VecDeque::from([attribute]);
    // A chain that bites its own tail ends there.
    let is_new = |chain: &std::collections::VecDeque<LocalAttribute>, id: &AttributeId| {
        chain.iter().all(|attribute| attribute.id != *id)
    };
    while let Some(id) = chain.front().and_then(|first| first.succeeds.clone())
        && is_new(&chain, &id)
        && let Some(attribute) = by_id(&id)?
    {
        chain.push_front(attribute);
    }
    while let Some(id) = chain.back().and_then(|last| last.succeeded_by.clone())
        && is_new(&chain, &id)
        && let Some(attribute) = by_id(&id)?
    {
        chain.push_back(attribute);
    }
    Ok(chain.into())
}

/// Which version of its chain this is, from 1. A version whose older ones are gone is the first.
///
/// # Errors
///
/// When the database fails.
pub fn version_number(
    connection: &Connection,
    attribute: &LocalAttribute,
) -> Result<u32, StoreError> {
    let mut seen = vec![attribute.id.clone()];
    let mut older = attribute.succeeds.clone();
    // A chain that bites its own tail ends there.
    while let Some(id) = older
        && !seen.contains(&id)
    {
        let found = first(connection, OLDER, [Text(&id)], |row| {
            row.optional_text("succeeds")
        })?;
        let Some(next) = found else { break };
        older = next;
        seen.push(id);
    }
    Ok(u32::try_from(seen.len()).unwrap_or(u32::MAX))
}

/// All versions of all Attributes of a kind, by value type and then the oldest first.
///
/// # Errors
///
/// When the database fails.
pub fn by_kind(
    connection: &Connection,
    kind: AttributeKind,
) -> Result<Vec<LocalAttribute>, StoreError> {
    several(connection, BY_KIND, [Name(kind)])
}

/// All versions of the Attributes of a kind with this value type, the oldest first.
///
/// # Errors
///
/// When the database fails.
pub fn by_type(
    connection: &Connection,
    kind: AttributeKind,
    value_type: &str,
) -> Result<Vec<LocalAttribute>, StoreError> {
    several(
        connection,
        BY_TYPE,
        rusqlite::params![Name(kind), value_type],
    )
}

/// The ids of at most `limit` relationship attributes in their newest version that are not private:
/// the own ones first, then those of the other sides.
///
/// # Errors
///
/// When the database fails.
pub fn not_private(connection: &Connection, limit: u32) -> Result<Vec<AttributeId>, StoreError> {
    let mut found = Vec::new();
    for kind in [
        AttributeKind::OwnRelationshipAttribute,
        AttributeKind::PeerRelationshipAttribute,
    ] {
        let params = rusqlite::params![Name(kind), limit];
        found.extend(all(connection, NOT_PRIVATE, params, |row| row.text("id"))?);
    }
    found.truncate(limit as usize);
    Ok(found)
}

/// The default of a value type among own identity attributes, with all records of sharing it.
///
/// # Errors
///
/// When the database fails.
pub fn default_of(
    connection: &Connection,
    value_type: &str,
) -> Result<Option<LocalAttribute>, StoreError> {
    default_of_with(connection, value_type, Shares::All)
}

/// The same with some of the records of sharing.
///
/// # Errors
///
/// When the database fails.
pub fn default_of_with(
    connection: &Connection,
    value_type: &str,
    shares: Shares<'_>,
) -> Result<Option<LocalAttribute>, StoreError> {
    let found = first(connection, DEFAULT, [value_type], read)?;
    found
        .map(|attribute| with_share_info(connection, attribute, shares))
        .transpose()
}

/// All versions of relationship attributes with this key, the oldest first; with `peer` only
/// those that came from that peer or belong to the Relationship with it.
///
/// # Errors
///
/// When the database fails.
pub fn by_key(
    connection: &Connection,
    key: &str,
    peer: Option<&Address>,
) -> Result<Vec<LocalAttribute>, StoreError> {
    match peer {
        None => several(connection, BY_KEY, [key]),
        Some(peer) => several(
            connection,
            BY_KEY_AND_PEER,
            rusqlite::params![key, Text(peer)],
        ),
    }
}

/// The Attributes that have to do with a peer in this way, in no particular order: what was given
/// to it (also if it deleted that since), what came from it, or what belongs to the Relationship.
///
/// # Errors
///
/// When the database fails.
pub fn by_peer(
    connection: &Connection,
    peer: &Address,
    direction: ShareDirection,
) -> Result<Vec<LocalAttribute>, StoreError> {
    let params = rusqlite::params![Text(peer), Name(direction)];
    several(connection, BY_PEER, params)
}

/// The same, with those records of sharing alone that have to do with this peer.
///
/// # Errors
///
/// When the database fails.
pub fn between(
    connection: &Connection,
    peer: &Address,
    direction: ShareDirection,
) -> Result<Vec<LocalAttribute>, StoreError> {
    let params = rusqlite::params![Text(peer), Name(direction)];
    all(connection, BY_PEER, params, read)?
        .into_iter()
        .map(|attribute| with_share_info(connection, attribute, Shares::With(peer)))
        .collect()
}

/// What the newest versions of these three value types say that came from a peer, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn newest_received(
    connection: &Connection,
    peer: &Address,
    value_types: &[&str; 3],
) -> Result<Vec<Attribute>, StoreError> {
    let [first, second, third] = value_types;
    let received = Name(ShareDirection::Received);
    let params = rusqlite::params![Text(peer), received, first, second, third];
    all(connection, NEWEST_RECEIVED, params, |row| {
        row.json("content")
    })
}

/// The Attribute that a peer knows under this id, with the records of sharing it with that peer. Ids
/// mean nothing without the peer: whoever names an Attribute must be one who has it or gave it.
///
/// # Errors
///
/// When the database fails.
pub fn by_wire_id(
    connection: &Connection,
    wire_id: &AttributeId,
    peer: &Address,
) -> Result<Option<LocalAttribute>, StoreError> {
    let params = rusqlite::params![Text(wire_id), Text(peer)];
    let found = first(connection, BY_WIRE_ID, params, read)?;
    found
        .map(|attribute| with_share_info(connection, attribute, Shares::With(peer)))
        .transpose()
}

/// The direction of the one record that an Attribute of this kind comes with.
fn origin_of(kind: AttributeKind) -> Option<ShareDirection> {
    match kind {
        AttributeKind::OwnIdentityAttribute => None,
        AttributeKind::PeerIdentityAttribute | AttributeKind::ThirdPartyRelationshipAttribute => {
            Some(ShareDirection::Received)
        }
        AttributeKind::OwnRelationshipAttribute | AttributeKind::PeerRelationshipAttribute => {
            Some(ShareDirection::Relationship)
        }
    }
}

fn several(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<LocalAttribute>, StoreError> {
    all(connection, sql, params, read)?
        .into_iter()
        .map(|attribute| with_share_info(connection, attribute, Shares::All))
        .collect()
}

fn with_share_info(
    connection: &Connection,
    mut attribute: LocalAttribute,
    shares: Shares<'_>,
) -> Result<LocalAttribute, StoreError> {
    let id = &attribute.id;
    attribute.share_info = match shares {
        Shares::All => share_info::of_attribute(connection, id)?,
        Shares::With(peer) => share_info::of_attribute_with(connection, id, peer)?,
        Shares::First(most) => share_info::of_attribute_first(connection, id, most)?,
        Shares::Origin => share_info::origin(connection, id)?.into_iter().collect(),
    };
    Ok(attribute)
}

fn read(row: &Row<'_>) -> rusqlite::Result<LocalAttribute> {
    Ok(LocalAttribute {
        id: row.text("id")?,
        kind: row.name("kind")?,
        content: row.json("content")?,
        created_at: row.date("created_at")?,
        succeeds: row.optional_text("succeeds")?,
        succeeded_by: row.optional_text("succeeded_by")?,
        is_default: row.get("is_default")?,
        was_viewed_at: row.optional_date("was_viewed_at")?,
        share_info: Vec::new(),
    })
}

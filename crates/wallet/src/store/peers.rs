//! Whoever this wallet has met.

use rusqlite::{Connection, Row, Transaction, named_params};
use tessera_content::ProtocolVersion;
use tessera_core_types::{Address, CoreDate};

use super::{
    StoreError,
    columns::{Columns, Millis, Name, Text},
    query::{change, first},
};
use crate::model::Peer;

const BY_ADDRESS: &str = "SELECT * FROM peer WHERE address = ?1";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[BY_ADDRESS];

/// Remembers having met a peer. The first time stays; a name replaces an older one.
///
/// # Errors
///
/// When the database fails.
pub fn meet(
    transaction: &Transaction<'_>,
    address: &Address,
    at: CoreDate,
    name: Option<&str>,
) -> Result<(), StoreError> {
    change(
        transaction,
        "INSERT INTO peer (address, first_seen_at, name) VALUES (:address, :at, :name)
            ON CONFLICT (address) DO UPDATE SET name = coalesce(excluded.name, name)",
        named_params! { ":address": Text(address), ":at": Millis(at), ":name": name },
    )?;
    Ok(())
}

/// The peer with this address; `None` if this wallet has never met it.
///
/// # Errors
///
/// When the database fails.
pub fn by_address(connection: &Connection, address: &Address) -> Result<Option<Peer>, StoreError> {
    first(connection, BY_ADDRESS, [Text(address)], read)
}

/// Remembers which generation of enmeshed a peer speaks, as the latest sign says. One that was never
/// met is left out.
///
/// # Errors
///
/// When the database fails.
pub fn set_protocol_version(
    transaction: &Transaction<'_>,
    address: &Address,
    version: ProtocolVersion,
) -> Result<(), StoreError> {
    change(
        transaction,
        "UPDATE peer SET protocol_version = :version WHERE address = :address",
        named_params! { ":address": Text(address), ":version": Name(version) },
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Peer> {
    Ok(Peer {
        address: row.text("address")?,
        first_seen_at: row.date("first_seen_at")?,
        name: row.get("name")?,
        protocol_version: row.optional_name("protocol_version")?,
    })
}

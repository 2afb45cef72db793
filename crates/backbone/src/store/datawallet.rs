//! The datawallet: the log through which the devices of an identity share their data.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use tessera_backbone_api::{
    Bytes,
    datawallet::{
        Datawallet, DatawalletModification, DatawalletModificationRef, NewDatawalletModification,
        PushDatawalletModificationsRequest, PushDatawalletModificationsResponse,
    },
    error_codes,
};
use tessera_core_types::{Address, DatawalletModificationId};

use super::{
    Change,
    columns::{Columns, name_of},
    page::{Page, PageWanted},
    sync_runs,
};
use crate::http::{caller::Caller, error::ApiError};

const NAME: &str = "Datawallet";

/// A datawallet as far as the rules look at it.
#[derive(Clone, Copy)]
pub struct State {
    pub version: u16,
    next_index: i64,
}

impl State {
    /// The index of the newest modification; `None` when there never was one.
    pub fn newest_index(self) -> Option<i64> {
        (self.next_index > 0).then(|| self.next_index - 1)
    }
}

/// The datawallet of an identity, if it has one.
pub fn find(connection: &Connection, address: &Address) -> Result<Option<State>, ApiError> {
    let state = connection
        .prepare_cached("SELECT version, next_index FROM datawallets WHERE address = ?1")?
        .query_row([address.as_str()], |row| {
            Ok(State {
                version: row.get("version")?,
                next_index: row.get("next_index")?,
            })
        })
        .optional()?;
    Ok(state)
}

/// The datawallet of an identity, which must have one.
pub fn existing(connection: &Connection, address: &Address) -> Result<State, ApiError> {
    find(connection, address)?.ok_or_else(|| ApiError::not_found(NAME))
}

/// What the caller is told about its datawallet.
pub fn get(connection: &Connection, address: &Address) -> Result<Datawallet, ApiError> {
    existing(connection, address).map(|state| Datawallet {
        version: state.version,
    })
}

/// Refuses clients that do not understand the datawallet.
pub fn check_version(state: State, supported: u16) -> Result<(), ApiError> {
    if supported >= state.version {
        return Ok(());
    }
    Err(ApiError::rule(
        error_codes::INSUFFICIENT_SUPPORTED_DATAWALLET_VERSION,
        "The supported datawallet version is lower than the version of the datawallet.",
    ))
}

/// The modifications after an index (or all).
pub fn list(
    connection: &Connection,
    address: &Address,
    supported: u16,
    local_index: Option<i64>,
    wanted: PageWanted,
) -> Result<Page<DatawalletModification>, ApiError> {
    if let Some(state) = find(connection, address)? {
        check_version(state, supported)?;
    }
    let after = local_index.unwrap_or(-1);
    let total = connection
        .prepare_cached(
            "SELECT count(*) FROM datawallet_modifications WHERE address = ?1 AND position > ?2",
        )?
        .query_row((address.as_str(), after), |row| row.get(0))?;
    let records = connection
        .prepare_cached(
            "SELECT * FROM datawallet_modifications WHERE address = ?1 AND position > ?2
             ORDER BY position LIMIT ?3 OFFSET ?4",
        )?
        .query_map(
            (address.as_str(), after, wanted.size, wanted.offset()),
            read,
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Page {
        records,
        total,
        wanted,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<DatawalletModification> {
    Ok(DatawalletModification {
        id: row.text("id")?,
        index: row.get("position")?,
        datawallet_version: row.get("datawallet_version")?,
        object_identifier: row.get("object_identifier")?,
        collection: row.get("collection")?,
        payload_category: row.get("payload_category")?,
        r#type: row.name("type")?,
        encrypted_payload: row.optional_bytes("encrypted_payload")?,
        created_at: row.date("created_at")?,
        created_by_device: row.text("created_by_device")?,
    })
}

/// Appends what a device changed, if it knows everything that others changed.
pub fn push(
    change: &Change<'_>,
    caller: &Caller,
    supported: u16,
    request: &PushDatawalletModificationsRequest,
) -> Result<PushDatawalletModificationsResponse, ApiError> {
    if sync_runs::is_any_running(change, &caller.address)? {
        return Err(ApiError::rule(
            error_codes::CANNOT_PUSH_DATAWALLET_MODIFICATIONS_DURING_ACTIVE_SYNC_RUN,
            "The modifications cannot be pushed because there is an active sync run.",
        ));
    }
    let state = existing(change, &caller.address)?;
    check_version(state, supported)?;
    let newest = state.newest_index();
    if newest.is_some() && newest != request.local_index {
        return Err(ApiError::rule(
            error_codes::DATAWALLET_NOT_UP_TO_DATE,
            "The sent localIndex does not match the index of the latest modification.",
        ));
    }
    let modifications = append(change, caller, state, &request.modifications)?;
    let new_index = existing(change, &caller.address)?.newest_index();
    Ok(PushDatawalletModificationsResponse {
        new_index: new_index.unwrap_or_default(),
        modifications,
    })
}

/// Appends modifications; whoever calls this holds the turn to do so.
pub fn append(
    change: &Change<'_>,
    caller: &Caller,
    state: State,
    modifications: &[NewDatawalletModification],
) -> Result<Vec<DatawalletModificationRef>, ApiError> {
    let newest_version = modifications.iter().map(|new| new.datawallet_version).max();
    if newest_version.is_some_and(|version| version > state.version) {
        return Err(ApiError::rule(
            error_codes::DATAWALLET_VERSION_OF_MODIFICATION_TOO_HIGH,
            "The datawallet version of a modification is higher than the version of the datawallet.",
        ));
    }
    let mut appended = Vec::with_capacity(modifications.len());
    for (index, new) in (state.next_index..).zip(modifications) {
        appended.push(append_one(change, caller, index, new)?);
    }
    if let Some(last) = appended.last() {
        change
            .prepare_cached("UPDATE datawallets SET next_index = ?2 WHERE address = ?1")?
            .execute((caller.address.as_str(), last.index + 1))?;
        change.hint(
            &caller.address,
            "DatawalletModificationsCreated",
            Some(&caller.device),
        );
    }
    Ok(appended)
}

/// Appends one modification and drops the one that it makes obsolete: of those with equal object,
/// type and category, nobody ever gets any but the newest.
fn append_one(
    change: &Change<'_>,
    caller: &Caller,
    index: i64,
    new: &NewDatawalletModification,
) -> Result<DatawalletModificationRef, ApiError> {
    let modification_type = name_of(&new.r#type);
    change
        .prepare_cached(
            "DELETE FROM datawallet_modifications
             WHERE address = ?1 AND object_identifier = ?2 AND type = ?3
               AND payload_category IS ?4",
        )?
        .execute((
            caller.address.as_str(),
            &new.object_identifier,
            &modification_type,
            &new.payload_category,
        ))?;
    let id = DatawalletModificationId::generate(change.randomness);
    change
        .prepare_cached(
            "INSERT INTO datawallet_modifications (id, address, position, datawallet_version,
                 object_identifier, collection, payload_category, type, encrypted_payload,
                 created_at, created_by_device)
             VALUES (:id, :address, :index, :version, :object, :collection, :category, :type,
                 :payload, :now, :device)",
        )?
        .execute(named_params! {
            ":id": id.as_str(),
            ":address": caller.address.as_str(),
            ":index": index,
            ":version": new.datawallet_version,
            ":object": new.object_identifier,
            ":collection": new.collection,
            ":category": new.payload_category,
            ":type": modification_type,
            ":payload": new.encrypted_payload.as_ref().map(Bytes::as_slice),
            ":now": change.now.millis(),
            ":device": caller.device.as_str(),
        })?;
    Ok(DatawalletModificationRef {
        id,
        index,
        created_at: change.now,
    })
}

/// Creates the datawallet with this version, or raises its version.
pub fn upgrade(change: &Change<'_>, address: &Address, version: u16) -> Result<State, ApiError> {
    let old = find(change, address)?;
    if old.is_some_and(|old| old.version > version) {
        return Err(ApiError::rule(
            error_codes::CANNOT_DOWNGRADE,
            "You cannot downgrade the datawallet.",
        ));
    }
    change
        .prepare_cached(
            "INSERT INTO datawallets (address, version) VALUES (?1, ?2)
             ON CONFLICT (address) DO UPDATE SET version = excluded.version",
        )?
        .execute((address.as_str(), version))?;
    existing(change, address)
}

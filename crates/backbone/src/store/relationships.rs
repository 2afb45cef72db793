//! Relationships.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use tessera_backbone_api::{
    Bytes, error_codes,
    external_events::ExternalEventContent,
    identities::IdentityStatus,
    relationships::{
        CanCreateRelationshipResponse, Relationship, RelationshipAction, RelationshipAuditLogEntry,
        RelationshipAuditLogReason as Reason, RelationshipMetadata, RelationshipStatus as Status,
    },
};
use tessera_core_types::{Address, DeviceId, RelationshipId, RelationshipTemplateId};

use super::{
    Change,
    columns::{Columns, name_of},
    events::{self, NewEvent},
    identities, messages,
    page::{Page, PageWanted},
    quotas, relationship_templates,
};
use crate::{
    http::{caller::Caller, error::ApiError},
    rules::relationship_actions::{PeerEvent, Side, Situation, already_decomposed},
};

const NAME: &str = "Relationship";

/// A relationship with what decides what may be done to it.
struct Stored {
    relationship: Relationship,
    decomposed_by_from: bool,
    decomposed_by_to: bool,
}

impl Stored {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            relationship: Relationship {
                id: row.text("id")?,
                relationship_template_id: row.optional_text("template_id")?,
                from: row.text("from_address")?,
                to: row.text("to_address")?,
                created_at: row.date("created_at")?,
                status: row.name("status")?,
                audit_log: Vec::new(),
                creation_content: row.optional_bytes("creation_content")?,
                creation_response_content: row.optional_bytes("creation_response_content")?,
            },
            decomposed_by_from: row.get("decomposed_by_from")?,
            decomposed_by_to: row.get("decomposed_by_to")?,
        })
    }

    /// The relationship as its participants see it; for others there is none.
    fn find(connection: &Connection, id: &str, caller: &Address) -> Result<Self, ApiError> {
        let mut stored = connection
            .prepare_cached(
                "SELECT * FROM relationships
                 WHERE id = :id AND :caller IN (from_address, to_address)",
            )?
            .query_row(
                named_params! { ":id": id, ":caller": caller.as_str() },
                Self::read,
            )
            .optional()?
            .ok_or_else(|| ApiError::not_found(NAME))?;
        stored.relationship.audit_log = audit_log(connection, id)?;
        Ok(stored)
    }

    fn side(&self, caller: &Address) -> Side {
        if self.relationship.from == *caller {
            Side::From
        } else {
            Side::To
        }
    }

    fn address(&self, side: Side) -> &Address {
        match side {
            Side::From => &self.relationship.from,
            Side::To => &self.relationship.to,
        }
    }

    fn is_decomposed_by(&self, side: Side) -> bool {
        match side {
            Side::From => self.decomposed_by_from,
            Side::To => self.decomposed_by_to,
        }
    }

    fn situation(&self) -> Situation {
        let open_request = self
            .relationship
            .audit_log
            .last()
            .filter(|entry| entry.reason == Reason::ReactivationRequested);
        Situation {
            status: self.relationship.status,
            reactivation_requested_by: open_request.map(|entry| self.side(&entry.created_by)),
            decomposed_by_from: self.decomposed_by_from,
            decomposed_by_to: self.decomposed_by_to,
        }
    }
}

fn audit_log(
    connection: &Connection,
    id: &str,
) -> Result<Vec<RelationshipAuditLogEntry>, ApiError> {
    let entries = connection
        .prepare_cached(
            "SELECT * FROM relationship_audit_log WHERE relationship_id = ?1 ORDER BY position",
        )?
        .query_map([id], |row| {
            Ok(RelationshipAuditLogEntry {
                created_at: row.date("created_at")?,
                created_by: row.text("created_by")?,
                created_by_device: row.optional_text("created_by_device")?,
                reason: row.name("reason")?,
                old_status: row.optional_name("old_status")?,
                new_status: row.name("new_status")?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(entries)
}

fn metadata(relationship: Relationship) -> RelationshipMetadata {
    RelationshipMetadata {
        id: relationship.id,
        relationship_template_id: relationship.relationship_template_id,
        from: relationship.from,
        to: relationship.to,
        created_at: relationship.created_at,
        status: relationship.status,
        audit_log: relationship.audit_log,
    }
}

/// Whether the caller could create a relationship with that peer.
pub fn can_create(
    connection: &Connection,
    caller: &Caller,
    peer: &Address,
) -> Result<CanCreateRelationshipResponse, ApiError> {
    let code = match identities::status(connection, peer)? {
        None => return Err(ApiError::not_found("Identity")),
        Some(IdentityStatus::Active) => open_relationship_exists(connection, caller, peer)?
            .then_some(error_codes::RELATIONSHIP_TO_TARGET_ALREADY_EXISTS),
        Some(_) => Some(error_codes::PEER_IS_TO_BE_DELETED),
    };
    Ok(CanCreateRelationshipResponse {
        can_create: code.is_none(),
        code: code.map(str::to_owned),
    })
}

/// Whether there is a relationship that stands in the way of a new one.
fn open_relationship_exists(
    connection: &Connection,
    caller: &Caller,
    peer: &Address,
) -> Result<bool, ApiError> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM relationships
             WHERE ((from_address = ?1 AND to_address = ?2)
                 OR (from_address = ?2 AND to_address = ?1))
               AND status IN ('Pending', 'Active', 'Terminated', 'DeletionProposed')",
        )?
        .exists((caller.address.as_str(), peer.as_str()))?)
}

/// Creates a relationship from a template. `check_content` holds the checks of the input that the
/// real server makes only after it has looked at the template.
pub fn create(
    change: &Change<'_>,
    caller: &Caller,
    template_id: &RelationshipTemplateId,
    creation_content: Option<Bytes>,
    check_content: impl FnOnce(Option<&Bytes>) -> Result<(), ApiError>,
) -> Result<RelationshipMetadata, ApiError> {
    let template = relationship_templates::load(change, caller, template_id.as_str(), None)?;
    let peer = template.created_by;
    if identities::status(change, &peer)? != Some(IdentityStatus::Active) {
        return Err(ApiError::rule(
            error_codes::PEER_IS_TO_BE_DELETED,
            "The relationship cannot be created because the peer is to be deleted.",
        ));
    }
    check_content(creation_content.as_ref())?;
    quotas::check(change, &caller.address, "NumberOfRelationships")?;
    if open_relationship_exists(change, caller, &peer)? {
        return Err(ApiError::rule(
            error_codes::RELATIONSHIP_TO_TARGET_ALREADY_EXISTS,
            "A relationship to the target already exists.",
        ));
    }
    if peer == caller.address {
        return Err(ApiError::rule(
            error_codes::CANNOT_CREATE_RELATIONSHIP_WITH_YOURSELF,
            "You cannot create a relationship with yourself.",
        ));
    }
    let id = RelationshipId::generate(change.randomness);
    change
        .prepare_cached(
            "INSERT INTO relationships (id, template_id, from_address, to_address, status,
                 creation_content, created_at)
             VALUES (:id, :template, :from, :to, :status, :content, :now)",
        )?
        .execute(named_params! {
            ":id": id.as_str(),
            ":template": template.id.as_str(),
            ":from": caller.address.as_str(),
            ":to": peer.as_str(),
            ":status": name_of(&Status::Pending),
            ":content": creation_content.as_ref().map(Bytes::as_slice),
            ":now": change.now.millis(),
        })?;
    append_to_audit_log(
        change,
        &id,
        (&caller.address, Some(&caller.device)),
        Reason::Creation,
        None,
        Status::Pending,
    )?;
    raise(change, &id, &peer, PeerEvent::StatusChanged)?;
    Ok(metadata(
        Stored::find(change, id.as_str(), &caller.address)?.relationship,
    ))
}

fn append_to_audit_log(
    change: &Change<'_>,
    id: &RelationshipId,
    (address, device): (&Address, Option<&DeviceId>),
    reason: Reason,
    old_status: Option<Status>,
    new_status: Status,
) -> Result<(), ApiError> {
    change
        .prepare_cached(
            "INSERT INTO relationship_audit_log (relationship_id, position, created_at,
                 created_by, created_by_device, reason, old_status, new_status)
             SELECT :id, count(*), :now, :created_by, :device, :reason, :old, :new
             FROM relationship_audit_log WHERE relationship_id = :id",
        )?
        .execute(named_params! {
            ":id": id.as_str(),
            ":now": change.now.millis(),
            ":created_by": address.as_str(),
            ":device": device.map(DeviceId::as_str),
            ":reason": name_of(&reason),
            ":old": old_status.as_ref().map(name_of),
            ":new": name_of(&new_status),
        })?;
    Ok(())
}

fn raise(
    change: &Change<'_>,
    id: &RelationshipId,
    peer: &Address,
    event: PeerEvent,
) -> Result<(), ApiError> {
    let relationship_id = id.clone();
    let content = match event {
        PeerEvent::StatusChanged => {
            ExternalEventContent::RelationshipStatusChanged { relationship_id }
        }
        PeerEvent::ReactivationRequested => {
            ExternalEventContent::RelationshipReactivationRequested { relationship_id }
        }
        PeerEvent::ReactivationCompleted => {
            ExternalEventContent::RelationshipReactivationCompleted { relationship_id }
        }
    };
    events::raise(change, NewEvent::new(peer.clone(), content))
}

/// Does something to a relationship.
pub fn act(
    change: &Change<'_>,
    caller: &Caller,
    id: &str,
    action: RelationshipAction,
    creation_response_content: Option<Bytes>,
) -> Result<RelationshipMetadata, ApiError> {
    let stored = Stored::find(change, id, &caller.address)?;
    if action == RelationshipAction::Accept {
        quotas::check(change, &caller.address, "NumberOfRelationships")?;
    }
    let side = stored.side(&caller.address);
    let old_status = stored.relationship.status;
    let effect = stored.situation().effect(action, side)?;
    let id = &stored.relationship.id;
    let is_decomposed = |by: Side| {
        stored.is_decomposed_by(by) || (by == side && action == RelationshipAction::Decompose)
    };
    change
        .prepare_cached(
            "UPDATE relationships SET status = :status,
                 creation_response_content = coalesce(:content, creation_response_content),
                 decomposed_by_from = :by_from, decomposed_by_to = :by_to
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.as_str(),
            ":status": name_of(&effect.status),
            ":content": creation_response_content.as_ref().map(Bytes::as_slice),
            ":by_from": is_decomposed(Side::From),
            ":by_to": is_decomposed(Side::To),
        })?;
    append_to_audit_log(
        change,
        id,
        (&caller.address, Some(&caller.device)),
        effect.reason,
        Some(old_status),
        effect.status,
    )?;
    match effect.status {
        Status::Active => events::unblock(change, id)?,
        Status::Rejected | Status::Revoked => events::remove_blocked(change, id)?,
        Status::DeletionProposed | Status::ReadyForDeletion => {
            events::remove_undelivered(change, id, &caller.address)?;
            messages::decompose(change, id, &caller.address)?;
        }
        Status::Pending | Status::Terminated => {}
    }
    if let Some(event) = effect.event {
        raise(change, id, stored.address(side.other()), event)?;
    }
    let after = Stored::find(change, id.as_str(), &caller.address)?;
    Ok(metadata(after.relationship))
}

/// One relationship of the caller that it has not decomposed.
pub fn get(connection: &Connection, caller: &Caller, id: &str) -> Result<Relationship, ApiError> {
    let stored = Stored::find(connection, id, &caller.address)?;
    if stored.is_decomposed_by(stored.side(&caller.address)) {
        return Err(already_decomposed());
    }
    Ok(stored.relationship)
}

/// Those of the named relationships (a JSON array of ids) in which the caller takes part, also
/// those that it decomposed.
pub fn list(
    connection: &Connection,
    caller: &Caller,
    ids: &str,
    wanted: PageWanted,
) -> Result<Page<Relationship>, ApiError> {
    const FROM: &str = "FROM relationships
        WHERE id IN (SELECT value FROM json_each(:ids))
          AND :caller IN (from_address, to_address)";
    let caller = caller.address.as_str();
    let total = connection
        .prepare_cached(&format!("SELECT count(*) {FROM}"))?
        .query_row(named_params! { ":ids": ids, ":caller": caller }, |row| {
            row.get(0)
        })?;
    let mut records: Vec<Relationship> = connection
        .prepare_cached(&format!(
            "SELECT * {FROM} ORDER BY created_at, id LIMIT :size OFFSET :offset"
        ))?
        .query_map(
            named_params! {
                ":ids": ids,
                ":caller": caller,
                ":size": wanted.size,
                ":offset": wanted.offset(),
            },
            |row| Stored::read(row).map(|stored| stored.relationship),
        )?
        .collect::<rusqlite::Result<_>>()?;
    for relationship in &mut records {
        relationship.audit_log = audit_log(connection, relationship.id.as_str())?;
    }
    Ok(Page {
        records,
        total,
        wanted,
    })
}

/// The newest relationship between two identities: what decides whether they can write to each
/// other.
pub fn newest_between(
    connection: &Connection,
    one: &Address,
    other: &Address,
) -> Result<Option<(RelationshipId, Status)>, ApiError> {
    let newest = connection
        .prepare_cached(
            "SELECT id, status, created_at AS at FROM relationships
             WHERE (from_address = ?1 AND to_address = ?2)
                OR (from_address = ?2 AND to_address = ?1)
             ORDER BY at DESC, rowid DESC LIMIT 1",
        )?
        .query_row((one.as_str(), other.as_str()), |row| {
            Ok((row.text("id")?, row.name("status")?))
        })
        .optional()?;
    Ok(newest)
}

/// The relationships of an identity that are neither refused nor over for good, each with the peer.
pub fn open_with_peers(
    connection: &Connection,
    address: &Address,
) -> Result<Vec<(RelationshipId, Address)>, ApiError> {
    let relationships = connection
        .prepare_cached(
            "SELECT id, iif(from_address = :address, to_address, from_address) AS peer
             FROM relationships WHERE :address IN (from_address, to_address)
               AND status IN ('Pending', 'Active', 'Terminated')
             ORDER BY created_at, id",
        )?
        .query_map(named_params! { ":address": address.as_str() }, |row| {
            Ok((row.text("id")?, row.text("peer")?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(relationships)
}

/// Decomposes every relationship of an identity that goes, whatever its state, and takes its name
/// out of all of them.
pub fn leave_all(
    change: &Change<'_>,
    address: &Address,
    pseudonym: &Address,
) -> Result<(), ApiError> {
    let ids: Vec<String> = change
        .prepare_cached(
            "SELECT id FROM relationships WHERE (from_address = ?1 AND NOT decomposed_by_from)
                OR (to_address = ?1 AND NOT decomposed_by_to) ORDER BY created_at, id",
        )?
        .query_map([address.as_str()], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for id in ids {
        leave(change, &Stored::find(change, &id, address)?, address)?;
    }
    for sql in [
        "UPDATE relationships SET from_address = ?2 WHERE from_address = ?1",
        "UPDATE relationships SET to_address = ?2 WHERE to_address = ?1",
        "UPDATE relationship_audit_log SET created_by = ?2 WHERE created_by = ?1",
    ] {
        change
            .prepare_cached(sql)?
            .execute((address.as_str(), pseudonym.as_str()))?;
    }
    Ok(())
}

fn leave(change: &Change<'_>, stored: &Stored, address: &Address) -> Result<(), ApiError> {
    let side = stored.side(address);
    let id = &stored.relationship.id;
    let is_last = stored.is_decomposed_by(side.other());
    let new_status = if is_last {
        Status::ReadyForDeletion
    } else {
        Status::DeletionProposed
    };
    change
        .prepare_cached(
            "UPDATE relationships SET status = :status,
                 decomposed_by_from = decomposed_by_from OR :by_from,
                 decomposed_by_to = decomposed_by_to OR NOT :by_from
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.as_str(),
            ":status": name_of(&new_status),
            ":by_from": side == Side::From,
        })?;
    append_to_audit_log(
        change,
        id,
        (address, None),
        Reason::DecompositionDueToIdentityDeletion,
        Some(stored.relationship.status),
        new_status,
    )?;
    events::remove_blocked(change, id)?;
    messages::decompose(change, id, address)?;
    if !is_last {
        let peer = stored.address(side.other());
        raise(change, id, peer, PeerEvent::StatusChanged)?;
    }
    Ok(())
}

//! Feature flags: what the apps of an identity support.

use rusqlite::{Connection, named_params};
use tessera_backbone_api::{
    error_codes, external_events::ExternalEventContent, feature_flags::FeatureFlags, limits,
};
use tessera_core_types::Address;

use super::{
    Change,
    columns::Columns,
    events::{self, NewEvent},
};
use crate::http::{caller::Caller, error::ApiError};

/// Adds and changes flags of the caller, and tells those who may care.
pub fn change(change: &Change<'_>, caller: &Caller, flags: &FeatureFlags) -> Result<(), ApiError> {
    let too_many = || {
        ApiError::rule(
            error_codes::MAX_NUMBER_OF_FEATURE_FLAGS_EXCEEDED,
            format!(
                "An identity cannot have more than {} feature flags.",
                limits::MAX_FEATURE_FLAGS
            ),
        )
    };
    // Before anything is written: there may be very many.
    if flags.len() > limits::MAX_FEATURE_FLAGS {
        return Err(too_many());
    }
    for (name, is_enabled) in flags {
        change
            .prepare_cached(
                "INSERT INTO feature_flags (address, name, is_enabled) VALUES (?1, ?2, ?3)
                 ON CONFLICT (address, name) DO UPDATE SET is_enabled = excluded.is_enabled",
            )?
            .execute((caller.address.as_str(), name, is_enabled))?;
    }
    let count: u32 = change
        .prepare_cached("SELECT count(*) FROM feature_flags WHERE address = ?1")?
        .query_row([caller.address.as_str()], |row| row.get(0))?;
    if count as usize > limits::MAX_FEATURE_FLAGS {
        return Err(too_many());
    }
    let interested: Vec<Address> = change
        .prepare_cached(
            "SELECT from_address AS address FROM relationships
                 WHERE to_address = :caller AND status IN ('Pending', 'Active')
             UNION SELECT to_address FROM relationships
                 WHERE from_address = :caller AND status IN ('Pending', 'Active')
             UNION SELECT a.address FROM relationship_template_allocations a
                 JOIN relationship_templates t ON t.id = a.template_id
                 JOIN identities i ON i.address = a.address
                 WHERE t.created_by = :caller
             ORDER BY address",
        )?
        .query_map(
            named_params! { ":caller": caller.address.as_str() },
            |row| row.text("address"),
        )?
        .collect::<rusqlite::Result<_>>()?;
    for address in interested {
        let content = ExternalEventContent::PeerFeatureFlagsChanged {
            peer_address: caller.address.clone(),
        };
        events::raise(change, NewEvent::new(address, content))?;
    }
    Ok(())
}

/// The flags of an identity: the caller itself, or one that it has or had a relationship with, or
/// one that loaded a template of the caller. There are no others.
pub fn get(
    connection: &Connection,
    caller: &Caller,
    of: &Address,
) -> Result<FeatureFlags, ApiError> {
    let may_see = connection
        .prepare_cached(
            "SELECT 1 FROM identities WHERE address = :of AND (address = :caller
                 OR EXISTS (SELECT 1 FROM relationships
                     WHERE (from_address = :caller AND to_address = :of)
                        OR (from_address = :of AND to_address = :caller))
                 OR EXISTS (SELECT 1 FROM relationship_template_allocations a
                     JOIN relationship_templates t ON t.id = a.template_id
                     WHERE (a.address = :caller AND t.created_by = :of)))",
        )?
        .exists(named_params! { ":of": of.as_str(), ":caller": caller.address.as_str() })?;
    if !may_see {
        return Err(ApiError::not_found("Identity"));
    }
    let flags = connection
        .prepare_cached("SELECT name, is_enabled FROM feature_flags WHERE address = ?1")?
        .query_map([of.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(flags)
}

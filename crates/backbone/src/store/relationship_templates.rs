//! RelationshipTemplates: who sees them, and who has used them up.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use tessera_backbone_api::{
    PasswordBytes, error_codes,
    external_events::ExternalEventContent,
    relationship_templates::{
        CreateRelationshipTemplateRequest, CreatedRelationshipTemplate, RelationshipTemplate,
    },
};
use tessera_core_types::{Address, CoreDate, RelationshipTemplateId};

use super::{
    Change,
    columns::Columns,
    events::{self, NewEvent},
    quotas,
};
use crate::{
    http::{caller::Caller, error::ApiError},
    rules::record_passwords,
};

const NAME: &str = "RelationshipTemplate";

/// Makes a template.
pub fn create(
    change: &Change<'_>,
    caller: &Caller,
    new: CreateRelationshipTemplateRequest,
) -> Result<CreatedRelationshipTemplate, ApiError> {
    quotas::check(change, &caller.address, "NumberOfRelationshipTemplates")?;
    let id = RelationshipTemplateId::generate(change.randomness);
    let password = new
        .password
        .map(|password| record_passwords::seal(&password, change.randomness));
    change
        .prepare_cached(
            "INSERT INTO relationship_templates (id, created_by, created_by_device, content,
                 expires_at, max_number_of_allocations, for_identity, password, created_at)
             VALUES (:id, :created_by, :device, :content, :expires_at, :max, :for, :password, :now)",
        )?
        .execute(named_params! {
            ":id": id.as_str(),
            ":created_by": caller.address.as_str(),
            ":device": caller.device.as_str(),
            ":content": new.content.as_slice(),
            ":expires_at": new.expires_at.map(CoreDate::millis),
            ":max": new.max_number_of_allocations,
            ":for": new.for_identity.as_ref().map(Address::as_str),
            ":password": password,
            ":now": change.now.millis(),
        })?;
    Ok(CreatedRelationshipTemplate {
        id,
        created_at: change.now,
    })
}

/// A template with what decides who sees it.
struct Stored {
    template: RelationshipTemplate,
    password: Option<Vec<u8>>,
    is_allocated: bool,
    has_relationship: bool,
}

impl Stored {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            template: RelationshipTemplate {
                id: row.text("id")?,
                created_by: row.text("created_by")?,
                created_by_device: row.text("created_by_device")?,
                max_number_of_allocations: row.get("max_number_of_allocations")?,
                expires_at: row.optional_date("expires_at")?,
                content: row.bytes("content")?,
                created_at: row.date("created_at")?,
                for_identity: row.optional_text("for_identity")?,
            },
            password: row.get("password")?,
            is_allocated: row.get("is_allocated")?,
            has_relationship: row.get("has_relationship")?,
        })
    }

    fn find(connection: &Connection, id: &str, viewer: &Address) -> rusqlite::Result<Option<Self>> {
        connection
            .prepare_cached(
                "SELECT t.*,
                     EXISTS (SELECT 1 FROM relationship_template_allocations a
                         WHERE a.template_id = t.id AND a.address = :viewer) AS is_allocated,
                     EXISTS (SELECT 1 FROM relationships r WHERE r.template_id = t.id
                         AND :viewer IN (r.from_address, r.to_address)) AS has_relationship
                 FROM relationship_templates t WHERE t.id = :id",
            )?
            .query_row(
                named_params! { ":id": id, ":viewer": viewer.as_str() },
                Self::read,
            )
            .optional()
    }

    fn is_visible(
        &self,
        viewer: &Address,
        password: Option<&PasswordBytes>,
        now: CoreDate,
    ) -> bool {
        let is_own = self.template.created_by == *viewer;
        let is_expired = self.template.expires_at.is_some_and(|end| end <= now);
        let is_for_viewer = match &self.template.for_identity {
            Some(address) => address == viewer,
            None => true,
        };
        (!is_expired || self.has_relationship)
            && (is_for_viewer || is_own)
            && (is_own
                || self.is_allocated
                || record_passwords::opens(self.password.as_deref(), password))
    }
}

/// Loads a template for the caller: allocates it, unless it is the caller's own or allocated
/// already.
pub fn load(
    change: &Change<'_>,
    caller: &Caller,
    id: &str,
    password: Option<&PasswordBytes>,
) -> Result<RelationshipTemplate, ApiError> {
    let stored = Stored::find(change, id, &caller.address)?
        .filter(|stored| stored.is_visible(&caller.address, password, change.now))
        .ok_or_else(|| ApiError::not_found(NAME))?;
    if stored.template.created_by != caller.address && !stored.is_allocated {
        allocate(change, caller, &stored.template)?;
    }
    Ok(stored.template)
}

/// A template that the caller may read without changing anything, if it is one: its own or one
/// that it allocated. The common case of reading again, which need not wait for a turn to write.
pub fn get_without_allocation(
    connection: &Connection,
    caller: &Caller,
    id: &str,
    now: CoreDate,
) -> Result<Option<RelationshipTemplate>, ApiError> {
    let stored = Stored::find(connection, id, &caller.address)?;
    Ok(stored
        .filter(|stored| stored.is_allocated || stored.template.created_by == caller.address)
        .filter(|stored| stored.is_visible(&caller.address, None, now))
        .map(|stored| stored.template))
}

fn allocate(
    change: &Change<'_>,
    caller: &Caller,
    template: &RelationshipTemplate,
) -> Result<(), ApiError> {
    let allocations: i64 = change
        .prepare_cached(
            "SELECT count(*) FROM relationship_template_allocations WHERE template_id = ?1",
        )?
        .query_row([template.id.as_str()], |row| row.get(0))?;
    let max = template.max_number_of_allocations.map(i64::from);
    if max.is_some_and(|max| allocations >= max) {
        return Err(ApiError::rule(
            error_codes::MAX_NUMBER_OF_ALLOCATIONS_EXHAUSTED,
            "The maximum number of allocations for this relationship template is exhausted.",
        ));
    }
    change
        .prepare_cached(
            "INSERT INTO relationship_template_allocations (template_id, address, created_at)
             VALUES (?1, ?2, ?3)",
        )?
        .execute((
            template.id.as_str(),
            caller.address.as_str(),
            change.now.millis(),
        ))?;
    if max == Some(allocations + 1) {
        let content = ExternalEventContent::RelationshipTemplateAllocationsExhausted {
            relationship_template_id: template.id.clone(),
        };
        events::raise(change, NewEvent::new(template.created_by.clone(), content))?;
    }
    Ok(())
}

/// One template of a list, if the caller sees it. Does not allocate.
pub fn peek(
    connection: &Connection,
    caller: &Caller,
    id: &str,
    password: Option<&PasswordBytes>,
    now: CoreDate,
) -> Result<Option<RelationshipTemplate>, ApiError> {
    let stored = Stored::find(connection, id, &caller.address)?;
    Ok(stored
        .filter(|stored| stored.is_visible(&caller.address, password, now))
        .map(|stored| stored.template))
}

/// Deletes a template of the caller. Relationships that were made from it stay.
pub fn delete(change: &Change<'_>, caller: &Caller, id: &str) -> Result<(), ApiError> {
    let stored = Stored::find(change, id, &caller.address)?
        .filter(|stored| stored.is_visible(&caller.address, None, change.now))
        .ok_or_else(|| ApiError::not_found(NAME))?;
    if stored.template.created_by != caller.address {
        return Err(ApiError::forbidden());
    }
    change
        .prepare_cached("DELETE FROM relationship_templates WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

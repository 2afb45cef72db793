//! RelationshipTemplates.

use rusqlite::{Connection, Row, Transaction, named_params};
use tessera_content::{PasswordLocation, PasswordType};
use tessera_core_types::{Address, RelationshipTemplateId};
use tessera_crypto::objects::SecretKey;

use super::{
    StoreError,
    columns::{Columns, Json, Millis, Name, Text, unreadable_row},
    query::{all, change, first},
};
use crate::{
    keys::SecretBytes,
    model::{PasswordProtection, RelationshipTemplate, TemplateReference},
    views::CodeOrigin,
};

const BY_ID: &str = "SELECT * FROM relationship_template WHERE id = ?1";
const BY_OWNER: &str =
    "SELECT * FROM relationship_template WHERE is_own = ?1 ORDER BY created_at DESC";
const BY_CREATOR: &str = "SELECT * FROM relationship_template WHERE created_by = ?1";
const CAME_BY: &str = "SELECT came_by FROM relationship_template WHERE id = ?1";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[BY_ID, BY_OWNER, BY_CREATOR, CAME_BY];

/// Forgets the templates of a peer, and the one that a Relationship with it started from if nobody
/// else can use it.
///
/// # Errors
///
/// When the database fails.
pub fn forget_of_relationship(
    transaction: &Transaction<'_>,
    template: &RelationshipTemplateId,
    peer: &Address,
) -> Result<(), StoreError> {
    change(
        transaction,
        "DELETE FROM relationship_template
            WHERE id = ?1 AND (is_own = 0 OR max_number_of_allocations = 1)",
        [Text(template)],
    )?;
    change(
        transaction,
        "DELETE FROM relationship_template WHERE created_by = ?1",
        [Text(peer)],
    )?;
    Ok(())
}

/// Forgets an own template.
///
/// # Errors
///
/// When the database fails.
pub fn delete_own(
    transaction: &Transaction<'_>,
    id: &RelationshipTemplateId,
) -> Result<(), StoreError> {
    change(
        transaction,
        "DELETE FROM relationship_template WHERE id = ?1 AND is_own = 1",
        [Text(id)],
    )?;
    Ok(())
}

/// How the code of a template came in; `None` when nobody wrote it down.
///
/// # Errors
///
/// When the database fails.
pub fn came_by(
    connection: &Connection,
    id: &RelationshipTemplateId,
) -> Result<Option<CodeOrigin>, StoreError> {
    let found = first(connection, CAME_BY, [Text(id)], |row| {
        row.optional_name("came_by")
    })?;
    Ok(found.flatten())
}

/// Remembers how the code of a template came in, unless that was written down before.
///
/// # Errors
///
/// When the database fails.
pub fn set_came_by(
    transaction: &Transaction<'_>,
    id: &RelationshipTemplateId,
    origin: CodeOrigin,
) -> Result<(), StoreError> {
    change(
        transaction,
        "UPDATE relationship_template SET came_by = :origin WHERE id = :id AND came_by IS NULL",
        named_params! { ":id": Text(id), ":origin": Name(origin) },
    )?;
    Ok(())
}

/// Stores a new template.
///
/// # Errors
///
/// [`StoreError::Constraint`] when it is there already: templates do not change.
pub fn insert(
    transaction: &Transaction<'_>,
    template: &RelationshipTemplate,
) -> Result<(), StoreError> {
    let protection = template.password_protection.as_ref();
    change(
        transaction,
        "INSERT INTO relationship_template (
            id, is_own, created_by, created_by_device, created_at, expires_at,
            max_number_of_allocations, for_identity, content,
            password, password_type, password_salt, password_location_indicator,
            identity, template_key, secret_key, truncated_reference, url
        ) VALUES (
            :id, :is_own, :created_by, :created_by_device, :created_at, :expires_at,
            :max_number_of_allocations, :for_identity, :content,
            :password, :password_type, :password_salt, :password_location_indicator,
            :identity, :template_key, :secret_key, :truncated_reference, :url
        )",
        named_params! {
            ":id": Text(&template.id),
            ":is_own": template.is_own,
            ":created_by": Text(&template.created_by),
            ":created_by_device": Text(&template.created_by_device),
            ":created_at": Millis(template.created_at),
            ":expires_at": Millis(template.expires_at),
            ":max_number_of_allocations": template.max_number_of_allocations,
            ":for_identity": template.for_identity.as_ref().map(Text),
            ":content": Json(&template.content),
            ":password": protection.map(|protection| protection.password.expose()),
            ":password_type": protection.map(|protection| Text(protection.password_type)),
            ":password_salt": protection.map(|protection| protection.salt),
            ":password_location_indicator": protection
                .and_then(|protection| protection.password_location)
                .map(PasswordLocation::indicator),
            ":identity": Json(&template.identity),
            ":template_key": Json(&template.template_key),
            ":secret_key": template.secret_key.as_bytes(),
            ":truncated_reference": template.reference.truncated,
            ":url": template.reference.url,
        },
    )?;
    Ok(())
}

/// The template with this id.
///
/// # Errors
///
/// When the database fails.
pub fn by_id(
    connection: &Connection,
    id: &RelationshipTemplateId,
) -> Result<Option<RelationshipTemplate>, StoreError> {
    first(connection, BY_ID, [Text(id)], read)
}

/// Own templates or those of peers, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn by_owner(
    connection: &Connection,
    is_own: bool,
) -> Result<Vec<RelationshipTemplate>, StoreError> {
    all(connection, BY_OWNER, [is_own], read)
}

/// The templates of one creator.
///
/// # Errors
///
/// When the database fails.
pub fn by_creator(
    connection: &Connection,
    creator: &Address,
) -> Result<Vec<RelationshipTemplate>, StoreError> {
    all(connection, BY_CREATOR, [Text(creator)], read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<RelationshipTemplate> {
    let secret_key = SecretBytes::new(row.get("secret_key")?);
    Ok(RelationshipTemplate {
        id: row.text("id")?,
        is_own: row.get("is_own")?,
        created_by: row.text("created_by")?,
        created_by_device: row.text("created_by_device")?,
        created_at: row.date("created_at")?,
        expires_at: row.date("expires_at")?,
        max_number_of_allocations: row.get("max_number_of_allocations")?,
        for_identity: row.optional_text("for_identity")?,
        content: row.json("content")?,
        password_protection: read_protection(row)?,
        identity: row.json("identity")?,
        template_key: row.json("template_key")?,
        secret_key: SecretKey::from_slice(&secret_key).map_err(|_| unreadable_row())?,
        reference: TemplateReference {
            truncated: row.get("truncated_reference")?,
            url: row.get("url")?,
        },
    })
}

fn read_protection(row: &Row<'_>) -> rusqlite::Result<Option<PasswordProtection>> {
    let Some(password) = row.get::<_, Option<String>>("password")? else {
        return Ok(None);
    };
    let password_type: String = row.get("password_type")?;
    let location: Option<u8> = row.get("password_location_indicator")?;
    let password_location = location
        .map(|indicator| PasswordLocation::of(indicator).ok_or_else(unreadable_row))
        .transpose()?;
    Ok(Some(PasswordProtection {
        password: password.into(),
        password_type: PasswordType::parse(&password_type).map_err(|_| unreadable_row())?,
        salt: row.get("password_salt")?,
        password_location,
    }))
}

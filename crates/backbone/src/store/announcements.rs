//! Announcements: what whoever runs the Backbone tells its users.

use rusqlite::{Connection, Row, named_params};
use serde::de::DeserializeOwned;
use tessera_backbone_api::announcements::{
    Announcement, AnnouncementAction, AnnouncementText, CreateAnnouncementAction,
    CreateAnnouncementRequest, CreatedAnnouncement,
};
use tessera_core_types::{Address, CoreDate, ID_LENGTH, random_characters};

use super::{
    Change,
    columns::{Columns, name_of},
};
use crate::{
    http::{caller::Caller, error::ApiError},
    rules::languages,
};

/// Publishes an announcement, and tells the devices of those whom it is for.
pub fn create(
    change: &Change<'_>,
    new: CreateAnnouncementRequest,
) -> Result<CreatedAnnouncement, ApiError> {
    let id = format!("ANC{}", random_characters(ID_LENGTH - 3, change.randomness));
    change
        .prepare_cached(
            "INSERT INTO announcements (id, severity, is_silent, is_for_all, texts, actions,
                 iql_query, expires_at, created_at)
             VALUES (:id, :severity, :silent, :for_all, :texts, :actions, :query, :expires_at, :now)",
        )?
        .execute(named_params! {
            ":id": id,
            ":severity": name_of(&new.severity),
            ":silent": new.is_silent,
            ":for_all": new.recipients.is_empty(),
            ":texts": serde_json::to_string(&new.texts).map_err(ApiError::unexpected)?,
            ":actions": serde_json::to_string(&new.actions).map_err(ApiError::unexpected)?,
            ":query": new.iql_query,
            ":expires_at": new.expires_at.map(CoreDate::millis),
            ":now": change.now.millis(),
        })?;
    for recipient in &new.recipients {
        change
            .prepare_cached(
                "INSERT OR IGNORE INTO announcement_recipients (announcement_id, address)
                 VALUES (?1, ?2)",
            )?
            .execute((&id, recipient.as_str()))?;
    }
    if !new.is_silent {
        for address in readers(change, &new)? {
            change.hint(&address, "NewAnnouncement", None);
        }
    }
    Ok(CreatedAnnouncement {
        id,
        created_at: change.now,
        expires_at: new.expires_at,
        severity: new.severity,
        is_silent: new.is_silent,
        texts: new.texts,
    })
}

fn readers(change: &Change<'_>, new: &CreateAnnouncementRequest) -> Result<Vec<Address>, ApiError> {
    if !new.recipients.is_empty() {
        return Ok(new.recipients.clone());
    }
    let all = change
        .prepare_cached("SELECT address FROM identities")?
        .query_map([], |row| row.text("address"))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(all)
}

/// The announcements for everybody and for the caller, also expired ones, in that language where
/// there is one, else in English.
pub fn list(
    connection: &Connection,
    caller: &Caller,
    language: &str,
) -> Result<Vec<Announcement>, ApiError> {
    let announcements = connection
        .prepare_cached(
            "SELECT * FROM announcements WHERE is_for_all OR id IN
                 (SELECT announcement_id FROM announcement_recipients WHERE address = ?1)
             ORDER BY created_at, id",
        )?
        .query_map([caller.address.as_str()], |row| read(row, language))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(announcements)
}

fn read(row: &Row<'_>, language: &str) -> rusqlite::Result<Announcement> {
    let texts: Vec<AnnouncementText> = json(row, "texts")?;
    let actions: Vec<CreateAnnouncementAction> = json(row, "actions")?;
    let text_in = |language: &str| {
        let is_in = |text: &&AnnouncementText| text.language.eq_ignore_ascii_case(language);
        texts.iter().find(is_in).cloned()
    };
    let text = text_in(language).or_else(|| text_in(languages::DEFAULT));
    let (title, body) = text.map_or_else(Default::default, |text| (text.title, text.body));
    let named = |action: CreateAnnouncementAction| {
        let name_in = |language: &str| {
            let mut names = action.display_name.iter();
            names.find(|(of, _)| of.eq_ignore_ascii_case(language))
        };
        let name = name_in(language).or_else(|| name_in(languages::DEFAULT));
        AnnouncementAction {
            display_name: name.map(|(_, name)| name.clone()).unwrap_or_default(),
            link: action.link.clone(),
            iql_query: None,
        }
    };
    Ok(Announcement {
        id: row.get("id")?,
        created_at: row.date("created_at")?,
        expires_at: row.optional_date("expires_at")?,
        severity: row.name("severity")?,
        title,
        body,
        actions: actions.into_iter().map(named).collect(),
        iql_query: row.get("iql_query")?,
    })
}

fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(error))
    })
}

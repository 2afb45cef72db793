//! `GET Announcements?language=`, and `GET /api/poc/PublicRelationshipTemplateReferences`, the
//! other list that whoever runs a Backbone writes. They write announcements with
//! `POST Announcements` of the Admin API, on a port of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tessera_core_types::{Address, CoreDate};

/// A text for the people who use a Backbone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    /// `ANC…`.
    pub id: String,
    /// When it was written.
    pub created_at: CoreDate,
    /// Until when it matters.
    #[serde(default)]
    pub expires_at: Option<CoreDate>,
    /// How much it matters.
    pub severity: AnnouncementSeverity,
    /// Its title in the asked language, else in English.
    pub title: String,
    /// Its text, likewise.
    pub body: String,
    /// Links that go with it.
    #[serde(default)]
    pub actions: Vec<AnnouncementAction>,
    /// For whom it is: only for those whose attributes match this query.
    #[serde(default)]
    pub iql_query: Option<String>,
}

/// A link of an announcement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AnnouncementAction {
    /// What to call it.
    pub display_name: String,
    /// Where it leads.
    pub link: String,
    /// Always `None`.
    #[serde(default)]
    pub iql_query: Option<String>,
}

/// How much an announcement matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum AnnouncementSeverity {
    /// Good to know.
    Low,
    /// Should be read.
    Medium,
    /// Must be read.
    High,
}

/// Body of `POST Announcements` of the Admin API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateAnnouncementRequest {
    /// How much it matters.
    pub severity: AnnouncementSeverity,
    /// Whether devices are told nothing of it.
    pub is_silent: bool,
    /// In several languages, English among them.
    pub texts: Vec<AnnouncementText>,
    /// Until when it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<CoreDate>,
    /// For whom it is, at most [`crate::limits::MAX_ANNOUNCEMENT_RECIPIENTS`]; empty for everybody.
    #[serde(default)]
    pub recipients: Vec<Address>,
    /// Links that go with it.
    #[serde(default)]
    pub actions: Vec<CreateAnnouncementAction>,
    /// For whom it is: only for those whose attributes match. Only for silent ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iql_query: Option<String>,
}

/// An announcement in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AnnouncementText {
    /// Two-letter code.
    pub language: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
}

/// A link of an announcement in several languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateAnnouncementAction {
    /// What to call it, by language; English must be there.
    pub display_name: BTreeMap<String, String>,
    /// Where it leads, at most [`crate::limits::MAX_ANNOUNCEMENT_LINK_CHARS`] characters.
    pub link: String,
}

/// Answer (201) of `POST Announcements` of the Admin API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedAnnouncement {
    /// `ANC…`.
    pub id: String,
    /// When it was written.
    pub created_at: CoreDate,
    /// Until when it matters.
    #[serde(default)]
    pub expires_at: Option<CoreDate>,
    /// How much it matters.
    pub severity: AnnouncementSeverity,
    /// Whether devices are told nothing of it.
    pub is_silent: bool,
    /// In several languages.
    pub texts: Vec<AnnouncementText>,
}

/// A template that whoever runs a Backbone offers to everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PublicRelationshipTemplateReference {
    /// What to call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The reference.
    pub truncated_reference: String,
}

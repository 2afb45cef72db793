//! `GET Announcements?language=`, and `GET /api/poc/PublicRelationshipTemplateReferences`, the
//! other list that whoever runs a Backbone writes.

use serde::{Deserialize, Serialize};
use tessera_core_types::CoreDate;

/// A text for the people who use a Backbone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    /// `ANC…`.
    pub id: String,
    /// When it was written.
    pub created_at: CoreDate,
    /// Until when it matters.
    #[serde(default)]
    pub expires_at: Option<CoreDate>,
    /// How much it matters: `Low`, `Medium` or `High`.
    pub severity: String,
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
#[serde(rename_all = "camelCase")]
pub struct AnnouncementAction {
    /// What to call it.
    pub display_name: String,
    /// Where it leads.
    pub link: String,
}

/// A template that whoever runs a Backbone offers to everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicRelationshipTemplateReference {
    /// What to call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The reference.
    pub truncated_reference: String,
}

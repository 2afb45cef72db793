//! What whoever runs a Backbone for others decides beyond its settings: a JSON file for the program.

use serde::Deserialize;
use tessera_backbone_api::{
    announcements::PublicRelationshipTemplateReference, tags::TagCollection,
};

/// What a Backbone offers and allows. By default there are English tags only, no quotas, no app
/// links, no public templates and no push services.
///
/// As JSON, every property may be left out:
///
/// ```json
/// {
///   "tags": {"supportedLanguages": ["en"], "tagsForAttributeValueTypes": {}},
///   "quotas": [{"metricKey": "NumberOfTokens", "max": 100, "period": "Day"}],
///   "maxIdentitiesPerClient": 1000,
///   "appLinks": {
///     "appleAppIds": ["TEAMID.org.example.app"],
///     "androidApps": [{"packageName": "org.example.app", "sha256CertFingerprints": ["AB:CD"]}]
///   },
///   "publicRelationshipTemplateReferences":
///     [{"title": "…", "description": "…", "truncatedReference": "…"}],
///   "pushAppIds": ["org.example.app"]
/// }
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Configuration {
    /// The tags that attributes may have.
    pub tags: TagCollection,
    /// How much every identity may have of what.
    pub quotas: Vec<QuotaSetting>,
    /// How many identities each client may create; `None` for any number.
    pub max_identities_per_client: Option<u32>,
    /// Which apps open links to `/r/…`; `None` for no files below `/.well-known`.
    pub app_links: Option<AppLinks>,
    /// Templates that are offered to everybody.
    pub public_relationship_template_references: Vec<PublicRelationshipTemplateReference>,
    /// The apps for whose push services (`fcm`, `apns`) devices may register. Nothing is pushed.
    pub push_app_ids: Vec<String>,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            tags: TagCollection {
                supported_languages: vec![crate::rules::languages::DEFAULT.to_owned()],
                ..TagCollection::default()
            },
            quotas: Vec::new(),
            max_identities_per_client: None,
            app_links: None,
            public_relationship_template_references: Vec::new(),
            push_app_ids: Vec::new(),
        }
    }
}

/// A limit for every identity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuotaSetting {
    /// What is counted: `NumberOfSentMessages`, `NumberOfRelationships`,
    /// `NumberOfRelationshipTemplates`, `NumberOfFiles`, `NumberOfTokens` or
    /// `UsedFileStorageSpace` (bytes).
    pub metric_key: String,
    /// The most there may be in a period.
    pub max: u64,
    /// From when to when is counted: calendar periods of UTC, weeks from Monday.
    pub period: QuotaPeriod,
}

/// The apps that open links to `/r/…`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AppLinks {
    /// Apps of iOS: team and bundle, `TEAMID.org.example.app`.
    pub apple_app_ids: Vec<String>,
    /// Apps of Android.
    pub android_apps: Vec<AndroidApp>,
}

/// An app of Android.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AndroidApp {
    /// Its name.
    pub package_name: String,
    /// The SHA-256 fingerprints of its certificates, in hexadecimal with colons.
    pub sha256_cert_fingerprints: Vec<String>,
}

/// A calendar period of UTC; weeks begin on Mondays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "they are what they are called")]
pub enum QuotaPeriod {
    Hour,
    Day,
    Week,
    Month,
    Year,
    /// All time.
    Total,
}

impl QuotaPeriod {
    /// Its name in the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hour => "Hour",
            Self::Day => "Day",
            Self::Week => "Week",
            Self::Month => "Month",
            Self::Year => "Year",
            Self::Total => "Total",
        }
    }
}

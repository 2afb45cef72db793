//! The profile, codes that were read, and how synchronisation is doing.

use serde::{Deserialize, Serialize};
use tessera_content::{PasswordType, Reference, ReferenceKind};
use tessera_core_types::{Address, CoreDate, RelationshipId, RequestId};
use ts_rs::TS;

use crate::wallet::shown_host;

/// The profile that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ProfileView {
    /// The name the person gave it; never sent.
    pub name: String,
    /// The address of its identity.
    pub address: Address,
    /// The Backbone it lives at.
    pub backbone_url: String,
    /// When it was made.
    pub created_at: CoreDate,
    /// Whether an app password is needed besides (or instead of) the keyring.
    pub has_app_password: bool,
}

/// What kind of thing a code refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub enum CodeKind {
    /// A RelationshipTemplate: an invitation, perhaps with a Request.
    RelationshipTemplate,
    /// A Token.
    Token,
    /// A File.
    File,
}

/// What a code says before any server was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CodeView {
    /// What it refers to.
    pub kind: CodeKind,
    /// The id of that.
    pub id: String,
    /// The Backbone the code names, host and port; `None` if it names none.
    pub backbone_host: Option<String>,
    /// Whether that is the profile's own Backbone. A code for another one can't be opened.
    pub is_own_backbone: bool,
    /// What must be typed to open it.
    pub password: Option<PasswordQuestion>,
    /// The last four characters of the address it is meant for.
    pub for_identity_truncated: Option<String>,
    /// Whether those are the profile's; `true` if the code is for anybody.
    pub is_for_this_identity: bool,
}

impl CodeView {
    /// What a code says where no profile is open: nobody knows yet whose Backbone and identity it is
    /// for, so both are taken for the person's own.
    #[must_use]
    pub fn without_profile(reference: &Reference) -> Self {
        let named = reference.backbone_base_url.as_ref();
        let protection = reference.password_protection.as_ref();
        let for_whom = reference.for_identity_truncated.as_ref();
        Self {
            kind: match reference.kind() {
                ReferenceKind::RelationshipTemplate => CodeKind::RelationshipTemplate,
                ReferenceKind::Token => CodeKind::Token,
                ReferenceKind::File => CodeKind::File,
            },
            id: reference.id.as_str().to_owned(),
            backbone_host: named.map(shown_host),
            is_own_backbone: true,
            password: protection.map(|protection| PasswordQuestion {
                pin_length: match protection.password_type() {
                    PasswordType::Pin(digits) => Some(digits),
                    PasswordType::Password => None,
                },
                location: protection.location().map(|location| location.indicator()),
            }),
            for_identity_truncated: for_whom.map(|truncated| truncated.as_str().to_owned()),
            is_for_this_identity: true,
        }
    }
}

/// The question for a password or PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PasswordQuestion {
    /// The number of digits if it is a PIN (4 to 16), else `None`: any password.
    pub pin_length: Option<u8>,
    /// Where the person finds it: 1 themselves, 2 letter, 3 registration letter, 4 e-mail,
    /// 5 SMS, 6 website, 0 recovery kit, others freely agreed.
    pub location: Option<u8>,
}

/// What opening a RelationshipTemplate led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum LoadOutcome {
    /// A new Request waits for a decision.
    Request {
        /// Its id.
        request_id: RequestId,
    },
    /// A Request of this template or peer is not completed yet.
    NonCompletedRequestExists {
        /// Its id.
        request_id: RequestId,
    },
    /// There is a Relationship already and nothing new to decide.
    RelationshipExists {
        /// Its id.
        relationship_id: RelationshipId,
    },
    /// The Request in it has expired.
    RequestExpired,
    /// The template holds no Request; this wallet can do nothing with it.
    NoRequest,
    /// The template was made by this identity.
    OwnTemplate,
}

/// What synchronisation is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum SyncState {
    /// Nothing to do.
    Idle,
    /// Talking to the Backbone.
    Syncing,
    /// The Backbone can't be reached; what is to be sent waits.
    Offline,
    /// The Backbone answered, but not as it should.
    Failed,
}

/// How synchronisation is doing, for the status line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SyncStatus {
    /// What it is doing.
    pub state: SyncState,
    /// When it last came to its end.
    pub last_success_at: Option<CoreDate>,
    /// The code of the last failure, while it lasts.
    pub error_code: Option<String>,
    /// How many operations wait to be sent.
    pub waiting: u32,
    /// Whether the Backbone says by itself when there is something; else it is asked now and then.
    pub is_live: bool,
}

/// What a run of synchronisation did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SyncReport {
    /// External events that were processed.
    pub events: u32,
    /// Operations that were delivered.
    pub delivered: u32,
    /// Operations that wait for another try.
    pub waiting: u32,
    /// Relationships that changed.
    pub changed_relationships: Vec<RelationshipId>,
}

//! What the tests of flows share: a real Backbone behind a proxy that can fail on purpose, a clock
//! that stands until it is moved, and wallets that live in folders of their own.

#![allow(dead_code, reason = "each test file uses some of it")]

mod proxy;
mod stranger;

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

#[allow(unused_imports, reason = "each test file uses some of it")]
pub use proxy::{Action, Proxy, Seen};
use serde_json::{Value, json};
#[allow(unused_imports, reason = "each test file uses some of it")]
pub use stranger::Stranger;
use tempfile::TempDir;
use tessera_backbone::{Backbone, PasswordHashCost, Settings};
use tessera_content::{Reference, TemplateContent};
use tessera_core_types::{Clock, CoreDate, SystemRandomness};
use tessera_wallet::{
    Environment, NewProfile, NewTemplate, Wallet, WalletError,
    keys::{MemoryKeyring, SecretText, Unlock},
    model::{BackboneSettings, RelationshipTemplate},
    views::LoadOutcome,
};

/// A clock that stands until it is moved.
pub struct StandingClock(Mutex<CoreDate>);

impl Clock for StandingClock {
    fn now(&self) -> CoreDate {
        *self.0.lock().unwrap()
    }
}

impl StandingClock {
    /// A clock that says this.
    pub fn at(now: CoreDate) -> Arc<Self> {
        Arc::new(Self(Mutex::new(now)))
    }

    /// Moves it by minutes, back if they are negative.
    pub fn forward(&self, minutes: i64) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus(chrono::TimeDelta::minutes(minutes));
    }

    pub fn forward_by(&self, time: std::time::Duration) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus(chrono::TimeDelta::from_std(time).unwrap());
    }
}

/// A Backbone, the proxy before it, and the time.
pub struct World {
    pub backbone: Backbone,
    pub proxy: Proxy,
    pub clock: Arc<StandingClock>,
    _folder: TempDir,
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = StandingClock::at(CoreDate::parse("2026-03-01T12:00:00.000Z").unwrap());
        let mut settings = Settings::new(folder.path().join("backbone.db"));
        settings.clock = clock.clone();
        settings.password_hash_cost = PasswordHashCost::LOWEST;
        let backbone = Backbone::start(settings).await.unwrap();
        let proxy = Proxy::start(backbone.base_url()).await;
        Self {
            backbone,
            proxy,
            clock,
            _folder: folder,
        }
    }

    pub fn now(&self) -> CoreDate {
        self.clock.now()
    }

    pub fn environment(&self) -> Environment {
        Environment {
            clock: self.clock.clone(),
            randomness: Arc::new(SystemRandomness),
        }
    }

    pub fn settings(&self) -> BackboneSettings {
        BackboneSettings {
            base_url: self.proxy.url(),
            client_id: "test".to_owned(),
            client_secret: SecretText::from("test"),
        }
    }

    /// A new wallet in a home of its own.
    pub async fn somebody(&self, name: &str) -> (Home, Wallet) {
        let home = Home::new();
        let wallet = home.create(self, name).await.unwrap();
        (home, wallet)
    }
}

/// Where a wallet lives.
pub struct Home {
    pub folder: TempDir,
    pub keyring: Arc<MemoryKeyring>,
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            keyring: Arc::new(MemoryKeyring::default()),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn unlock(&self) -> Unlock {
        Unlock::Keyring(self.keyring.clone())
    }

    pub async fn create(&self, world: &World, name: &str) -> Result<Wallet, WalletError> {
        self.create_in(world, name, world.environment()).await
    }

    /// The same with a clock or randomness of its own.
    pub async fn create_in(
        &self,
        world: &World,
        name: &str,
        environment: Environment,
    ) -> Result<Wallet, WalletError> {
        let new = NewProfile {
            name: name.to_owned(),
            backbone: world.settings(),
        };
        Wallet::create(self.path(), new, self.unlock(), environment).await
    }

    pub async fn open(&self, world: &World) -> Result<Wallet, WalletError> {
        Wallet::open(self.path(), self.unlock(), world.environment()).await
    }

    /// As after a restart of the program.
    pub async fn restart(&self, world: &World, wallet: Wallet) -> Wallet {
        wallet.close().await.unwrap();
        drop(wallet);
        self.open(world).await.unwrap()
    }
}

/// The Request of a library: a name that is required, an address that is not, a consent, and
/// something for this Relationship alone.
pub fn library_card() -> TemplateContent {
    content(&json!({
        "@type": "RelationshipTemplateContent",
        "title": "Library card",
        "onNewRelationship": {
            "title": "Become a reader",
            "items": [
                {
                    "@type": "ReadAttributeRequestItem",
                    "mustBeAccepted": true,
                    "query": { "@type": "IdentityAttributeQuery", "valueType": "GivenName" },
                },
                {
                    "@type": "RequestItemGroup",
                    "title": "How to reach you",
                    "items": [{
                        "@type": "ReadAttributeRequestItem",
                        "mustBeAccepted": false,
                        "query": {
                            "@type": "IdentityAttributeQuery",
                            "valueType": "EMailAddress",
                        },
                    }],
                },
                {
                    "@type": "ConsentRequestItem",
                    "mustBeAccepted": true,
                    "consent": "I will bring the books back.",
                },
                {
                    "@type": "ReadAttributeRequestItem",
                    "mustBeAccepted": false,
                    "query": {
                        "@type": "RelationshipAttributeQuery",
                        "key": "shelfMark",
                        "owner": "",
                        "attributeCreationHints": {
                            "@type": "RelationshipAttributeCreationHints",
                            "title": "Favourite shelf",
                            "valueType": "ProprietaryString",
                            "confidentiality": "public",
                        },
                    },
                },
            ],
        },
    }))
}

pub fn content(json: &Value) -> TemplateContent {
    TemplateContent::parse(json).unwrap()
}

/// A template that anybody may open for a day.
pub fn template_of(world: &World, content: TemplateContent) -> NewTemplate {
    NewTemplate {
        content,
        expires_at: world.now().plus(chrono::TimeDelta::days(1)),
        max_number_of_allocations: None,
        for_identity: None,
        password: None,
    }
}

pub fn reference(template: &RelationshipTemplate) -> Reference {
    Reference::parse(&template.reference.url).unwrap()
}

/// Loads a template and gives the id of the Request it led to.
pub async fn load(
    wallet: &Wallet,
    template: &RelationshipTemplate,
) -> tessera_core_types::RequestId {
    match wallet
        .load_template(&reference(template), None)
        .await
        .unwrap()
    {
        LoadOutcome::Request { request_id } => request_id,
        other => panic!("{other:?}"),
    }
}

/// Makes two wallets contacts with the answer of [`ada`]; gives their active Relationship.
pub async fn connect(
    world: &World,
    requestor: &Wallet,
    templator: &Wallet,
) -> tessera_core_types::RelationshipId {
    let mut new = template_of(world, library_card());
    new.max_number_of_allocations = Some(1);
    let template = templator.create_template(new).await.unwrap();
    let request = load(requestor, &template).await;
    requestor.accept(&request, &ada()).await.unwrap();
    templator.sync().await.unwrap();
    let relationships = templator.relationships().await.unwrap();
    let found = relationships
        .iter()
        .find(|one| one.peer.address == *requestor.address());
    let id = found.unwrap().id.clone();
    templator.accept_relationship(&id).await.unwrap();
    requestor.sync().await.unwrap();
    let status = requestor.relationship(&id).await.unwrap().status;
    assert_eq!(status, tessera_wallet::views::RelationshipStatus::Active);
    id
}

/// The Decision of somebody called Ada, who gives her name and her favourite shelf, and not her e-mail address.
pub fn ada() -> tessera_content::Decision {
    tessera_content::Decision::parse(&json!({ "items": [
        { "accept": true, "newAttribute": {
            "@type": "IdentityAttribute",
            "owner": "",
            "value": { "@type": "GivenName", "value": "Ada" },
        } },
        { "items": [{ "accept": false }] },
        { "accept": true },
        { "accept": true, "newAttribute": {
            "@type": "RelationshipAttribute",
            "owner": "",
            "key": "shelfMark",
            "confidentiality": "public",
            "isTechnical": false,
            "value": {
                "@type": "ProprietaryString",
                "title": "Favourite shelf",
                "value": "Poetry",
            },
        } },
    ] }))
    .unwrap()
}

/// The rows of every table, to see whether anything changed.
pub async fn everything(wallet: &Wallet) -> Value {
    let history = wallet.history().await.unwrap();
    let attributes = wallet.attributes().await.unwrap();
    json!({
        "history": history,
        "requests": wallet.requests().await.unwrap(),
        "relationships": wallet.relationships().await.unwrap(),
        "attributes": attributes,
        "contacts": wallet.contacts().await.unwrap(),
        "templates": wallet.templates().await.unwrap().len(),
        "waiting": wallet.sync_status().await.unwrap().waiting,
    })
}

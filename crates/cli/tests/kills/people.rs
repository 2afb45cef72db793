//! Who takes part: Ada, who uses the program, and organisations that ask her, as wallets in this
//! process. Between Ada and the Backbone is a proxy that can fail.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tessera_content::{MessageContent, Request, TemplateContent};
use tessera_core_types::{
    Address, Clock, CoreDate, RelationshipTemplateId, RequestId, SystemClock, SystemRandomness,
};
use tessera_wallet::{
    Environment, NewProfile, NewTemplate, Wallet,
    keys::{self, MemoryKeyring, Unlock},
    model::{BackboneSettings, RelationshipStatus},
    store::{FolderLock, Store, StoreError, Transaction},
};

use crate::{
    checks,
    proxy::Proxy,
    stage::{Stage, Tessera},
};

/// A clock that runs, and can be set forward.
#[derive(Default)]
pub struct RunningClock(AtomicI64);

impl Clock for RunningClock {
    fn now(&self) -> CoreDate {
        let ahead = Duration::from_secs(u64::try_from(self.0.load(Ordering::Relaxed)).unwrap());
        SystemClock
            .now()
            .plus(chrono::TimeDelta::from_std(ahead).unwrap())
    }
}

/// An organisation.
pub struct Organisation {
    pub wallet: Wallet,
    _folder: TempDir,
}

/// Everybody.
pub struct Scene {
    pub stage: Stage,
    pub proxy: Proxy,
    pub ada: Tessera,
    pub organisations: Vec<Organisation>,
    clock: Arc<RunningClock>,
}

impl Scene {
    /// Ada and three organisations that are her contacts.
    pub async fn new() -> Self {
        let clock = Arc::new(RunningClock::default());
        let stage = Stage::with_clock(clock.clone()).await;
        let proxy = Proxy::start(&stage.url()).await;
        let ada = stage.wallet_at("Ada", &proxy.url());
        let mut scene = Self {
            stage,
            proxy,
            ada,
            organisations: Vec::new(),
            clock,
        };
        scene.ada.knows("GivenName", "Ada");
        for _ in 0..3 {
            let request = scene.invites().await;
            scene.ada.succeeds(
                &["request", "accept", &request.to_string(), "--decision", &{
                    scene.ada.json(&scene.decision(true))
                }],
            );
        }
        scene.accept_who_asks().await;
        scene.ada.syncs();
        scene
    }

    /// A new organisation makes a template, and Ada opens it; the Request she is asked.
    pub async fn invites(&mut self) -> RequestId {
        let folder = tempfile::tempdir().unwrap();
        let profile = NewProfile {
            name: "Organisation".to_owned(),
            backbone: BackboneSettings {
                base_url: self.proxy.url(),
                client_id: "test".to_owned(),
                client_secret: "test".into(),
            },
        };
        let environment = Environment {
            clock: self.clock.clone(),
            randomness: Arc::new(SystemRandomness),
        };
        let unlock = Unlock::Keyring(Arc::new(MemoryKeyring::default()));
        let wallet = Wallet::create(folder.path(), profile, unlock, environment)
            .await
            .unwrap();
        let content = json!({
            "@type": "RelationshipTemplateContent",
            "onNewRelationship": { "@type": "Request", "items": question() },
        });
        let template = wallet
            .create_template(NewTemplate {
                content: TemplateContent::parse(&content).unwrap(),
                expires_at: self.clock.now().plus(chrono::TimeDelta::days(1)),
                max_number_of_allocations: None,
                for_identity: None,
                password: None,
            })
            .await
            .unwrap();
        self.organisations.push(Organisation {
            wallet,
            _folder: folder,
        });
        let loaded = self
            .ada
            .succeeds(&["template", "load", &template.reference.url]);
        RequestId::parse(loaded["requestId"].as_str().unwrap()).unwrap()
    }

    /// The organisations that are contacts ask something, in Messages.
    pub async fn ask(&self, each: usize) {
        let ada = Address::parse(&self.ada.address()).unwrap();
        for organisation in self.contacts() {
            // What Ada has answered so far: the Backbone takes only so many Messages unread.
            organisation.wallet.sync().await.unwrap();
            for _ in 0..each {
                let request = Request::parse(&json!({ "items": question() })).unwrap();
                organisation
                    .wallet
                    .send_request(&ada, request)
                    .await
                    .unwrap();
            }
        }
    }

    /// The organisations accept the Relationships that Ada asked for.
    pub async fn accept_who_asks(&self) {
        for organisation in &self.organisations {
            let wallet = &organisation.wallet;
            wallet.sync().await.unwrap();
            for relationship in wallet.relationships().await.unwrap() {
                if relationship.status == RelationshipStatus::Pending {
                    wallet.accept_relationship(&relationship.id).await.unwrap();
                }
            }
        }
    }

    /// The organisations that are contacts of Ada.
    pub fn contacts(&self) -> impl Iterator<Item = &Organisation> {
        self.organisations.iter().take(3)
    }

    /// Ada's answer to what they ask: all of it or nothing.
    pub fn decision(&self, accepts: bool) -> Value {
        let answer = match accepts {
            false => json!({ "accept": false }),
            true => json!({ "accept": true }),
        };
        let name = match accepts {
            false => answer.clone(),
            true => json!({ "accept": true, "newAttribute": {
                "@type": "IdentityAttribute",
                "owner": "",
                "value": { "@type": "GivenName", "value": "Ada" },
            } }),
        };
        json!({ "items": [answer, name] })
    }

    /// A run of synchronisation that was killed is given up by the Backbone after some seconds.
    pub fn let_runs_end(&self) {
        self.clock.0.fetch_add(11, Ordering::Relaxed);
    }

    /// Looks into Ada's database, which no program has open.
    pub async fn look<T: Send + 'static>(
        &self,
        at: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        let store = self.open();
        let seen = store.read(at).await.unwrap();
        store.close().await.unwrap();
        seen
    }

    fn open(&self) -> Store {
        let key = keys::open(&self.ada.data(), &self.ada.unlock()).unwrap();
        Store::open(FolderLock::acquire(&self.ada.data()).unwrap(), &key).unwrap()
    }

    /// Breaks the database in several ways, each undone at once; each must be found.
    pub async fn checks_can_fail(&self) {
        let store = self.open();
        for harm in checks::HARMS {
            let found = store
                .write(move |transaction| -> Result<(), checks::Undone> {
                    let changed = transaction.execute(harm, []).map_err(StoreError::from)?;
                    let broken = checks::broken(transaction)?;
                    Err(checks::Undone::Found {
                        changed,
                        broken: !broken.is_empty(),
                    })
                })
                .await;
            match found.unwrap_err() {
                checks::Undone::Found { changed, broken } => {
                    assert!(changed > 0 && broken, "not found: {harm}");
                }
                checks::Undone::Store(error) => panic!("{harm}: {error}"),
            }
        }
        store.close().await.unwrap();
    }

    pub async fn stop(self) {
        for organisation in &self.organisations {
            organisation.wallet.close().await.unwrap();
        }
        self.stage.stop().await;
    }
}

impl Organisation {
    /// The answers it got in Messages: which Request, and whether it was accepted.
    pub async fn answers(&self) -> Vec<(RequestId, bool)> {
        let messages = self.wallet.messages().await.unwrap();
        let answers = messages.into_iter().filter_map(|one| match one.content {
            MessageContent::Response(answer) => {
                let result = answer.response.result;
                let accepted = result == tessera_content::ResponseResult::Accepted;
                Some((answer.request_id, accepted))
            }
            _ => None,
        });
        answers.collect()
    }

    /// The subjects of the Mails it got, in the order in which they were sent.
    pub async fn mails(&self) -> Vec<u64> {
        let mut messages = self.wallet.messages().await.unwrap();
        messages.sort_by_key(|message| message.number);
        let subjects = messages.into_iter().filter_map(|one| match one.content {
            MessageContent::Mail(mail) => mail.subject.parse().ok(),
            _ => None,
        });
        subjects.collect()
    }

    /// The templates of its own that Ada has answered.
    pub async fn asked_for(&self) -> Vec<RelationshipTemplateId> {
        let relationships = self.wallet.relationships().await.unwrap();
        relationships
            .into_iter()
            .map(|one| one.template_id)
            .collect()
    }
}

/// Something to agree to, and something to tell.
fn question() -> Value {
    json!([
        { "@type": "ConsentRequestItem", "mustBeAccepted": true, "consent": "You may write to me." },
        {
            "@type": "ReadAttributeRequestItem",
            "mustBeAccepted": false,
            "query": { "@type": "IdentityAttributeQuery", "valueType": "GivenName" },
        },
    ])
}

//! A Backbone in this process and people on it.

use tempfile::TempDir;
use tessera_backbone::{Backbone, PasswordHashCost, Settings};
use tessera_backbone_api::{
    client::BackboneClient,
    relationships::CreateRelationshipRequest,
    sync_runs::{
        ExternalEventResult, FinalizeExternalEventSyncRequest, StartSyncRunRequest,
        StartSyncRunResponse,
    },
};

use crate::person::{Person, client};

/// How many events wait for somebody who was away for long.
pub const WAITING_EVENTS: usize = 10_000;

pub struct Stage {
    pub client: BackboneClient,
    _folder: TempDir,
    _backbone: Backbone,
}

impl Stage {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(folder.path().join("backbone.sqlite"));
        // What is measured is the server, not Argon2.
        settings.password_hash_cost = PasswordHashCost::LOWEST;
        let backbone = Backbone::start(settings).await.unwrap();
        Self {
            client: client(backbone.base_url()),
            _folder: folder,
            _backbone: backbone,
        }
    }

    pub async fn member(&self) -> Person {
        Person::with_datawallet(&self.client).await.unwrap()
    }

    /// Two new people get to know each other and write to each other.
    pub async fn flow(&self) {
        let (ada, bob) = (self.member().await, self.member().await);
        connect(&ada, &bob).await;
        ada.send(&bob.address, vec![7; 2_000]).await.unwrap();
        synchronise(&bob).await;
        bob.send(&ada.address, vec![7; 2_000]).await.unwrap();
        synchronise(&ada).await;
    }

    /// Has so many events wait for somebody, who fetches the messages themselves: more than twenty
    /// of a sender do not wait.
    pub async fn wait_for(&self, member: &Person, events: usize) {
        let writer = self.member().await;
        connect(&writer, member).await;
        synchronise(member).await;
        for _ in 0..events {
            let sent = writer.send(&member.address, vec![7; 200]).await.unwrap();
            member.client.message(&sent.id).await.unwrap();
        }
    }
}

/// Makes a relationship that the second asks for and the first accepts.
pub async fn connect(to: &Person, from: &Person) {
    let template = to.template(2_000).await.unwrap();
    from.client
        .relationship_template(&template, None)
        .await
        .unwrap();
    let request = CreateRelationshipRequest {
        relationship_template_id: template,
        creation_content: Some(vec![8; 2_000].into()),
    };
    let asked = from.client.create_relationship(&request).await.unwrap();
    to.client
        .accept_relationship(&asked.id, None)
        .await
        .unwrap();
}

/// Starts a sync run.
pub async fn start(member: &Person, duration: Option<u16>) -> StartSyncRunResponse {
    let request = StartSyncRunRequest {
        r#type: None,
        duration,
    };
    member.client.start_sync_run(&request).await.unwrap()
}

/// Fetches everything new and ends the run.
pub async fn synchronise(member: &Person) -> usize {
    let Some(run) = start(member, Some(600)).await.sync_run else {
        return 0;
    };
    let events = member.client.external_events(&run.id).await.unwrap();
    let results = events.iter().map(|event| ExternalEventResult {
        external_event_id: event.id.clone(),
        error_code: None,
    });
    let request = FinalizeExternalEventSyncRequest {
        external_event_results: results.collect(),
        datawallet_modifications: Vec::new(),
    };
    let finalize = member
        .client
        .finalize_external_event_sync(&run.id, &request);
    finalize.await.unwrap();
    events.len()
}

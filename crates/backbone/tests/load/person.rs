//! Somebody who uses a Backbone, by the typed client.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::json;
use tessera_backbone_api::{
    Bytes,
    challenges::{Challenge, SignedChallenge},
    client::{
        AuthenticatedClient, BackboneClient, ClientError, ClientSettings, Credentials, NewIdentity,
        RetryPolicy,
    },
    messages::{SendMessageRecipient, SendMessageRequest, SentMessage},
    relationship_templates::CreateRelationshipTemplateRequest,
    sync_runs::{FinalizeDatawalletVersionUpgradeRequest, StartSyncRunRequest, SyncRunType},
};
use tessera_core_types::{Address, Randomness, RelationshipTemplateId, SystemRandomness};

const PASSWORD: &str = "Correct-horse-1";

/// A client that repeats nothing by itself.
pub fn client(base_url: &str) -> BackboneClient {
    let settings = ClientSettings {
        retry: RetryPolicy::NONE,
        ..ClientSettings::new(base_url, "test", "test")
    };
    BackboneClient::new(settings).unwrap()
}

/// An identity with one device.
#[derive(Clone)]
pub struct Person {
    pub client: AuthenticatedClient,
    pub address: Address,
}

impl Person {
    /// Makes an identity, without a datawallet.
    pub async fn new(at: &BackboneClient) -> Result<Self, ClientError> {
        let mut seed = [0; 32];
        SystemRandomness.fill(&mut seed);
        let key = SigningKey::from_bytes(&seed);
        let challenge = at.create_challenge().await?;
        let public_key = json!({
            "pub": BASE64_URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes()),
            "alg": 3,
            "@type": "CryptoSignaturePublicKey",
        });
        let created = at
            .create_identity(NewIdentity {
                identity_public_key: Bytes(public_key.to_string().into_bytes()),
                device_password: PASSWORD.into(),
                device_communication_language: None,
                signed_challenge: sign(&key, &challenge),
            })
            .await?;
        let credentials = Credentials::new(created.device.username, PASSWORD);
        Ok(Self {
            client: at.log_in_as(credentials),
            address: created.address,
        })
    }

    /// Makes an identity with a datawallet, as every wallet does at once.
    pub async fn with_datawallet(at: &BackboneClient) -> Result<Self, ClientError> {
        let person = Self::new(at).await?;
        let upgrade = StartSyncRunRequest {
            r#type: Some(SyncRunType::DatawalletVersionUpgrade),
            duration: None,
        };
        let run = person.client.start_sync_run(&upgrade).await?;
        let to_first = FinalizeDatawalletVersionUpgradeRequest {
            new_datawallet_version: 1,
            datawallet_modifications: Vec::new(),
        };
        let run = run.sync_run.unwrap().id;
        let finalize = person
            .client
            .finalize_datawallet_version_upgrade(&run, &to_first);
        finalize.await?;
        Ok(person)
    }

    /// A template without any limits.
    pub async fn template(&self, bytes: usize) -> Result<RelationshipTemplateId, ClientError> {
        let request = CreateRelationshipTemplateRequest {
            content: Bytes(vec![7; bytes]),
            expires_at: None,
            max_number_of_allocations: None,
            for_identity: None,
            password: None,
        };
        let created = self.client.create_relationship_template(&request).await?;
        Ok(created.id)
    }

    /// Sends a message to a peer.
    pub async fn send(&self, to: &Address, body: Vec<u8>) -> Result<SentMessage, ClientError> {
        let request = SendMessageRequest {
            recipients: vec![SendMessageRecipient {
                address: to.clone(),
                encrypted_key: Bytes(vec![9; 72]),
            }],
            body: Bytes(body),
            attachments: None,
        };
        self.client.send_message(&request).await
    }
}

fn sign(key: &SigningKey, challenge: &Challenge) -> SignedChallenge {
    let text = json!({
        "expiresAt": challenge.expires_at,
        "id": challenge.id,
        "type": "Identity",
    });
    let text = text.to_string();
    let signature = json!({
        "sig": BASE64_URL_SAFE_NO_PAD.encode(key.sign(text.as_bytes()).to_bytes()),
        "alg": 2,
        "@type": "CryptoSignature",
    });
    SignedChallenge {
        challenge: text,
        signature: Bytes(signature.to_string().into_bytes()),
    }
}

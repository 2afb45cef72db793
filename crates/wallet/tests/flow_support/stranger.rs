//! Somebody with a program of their own: an identity without a wallet, that can send anything.

use serde_json::Value;
use tessera_backbone_api::{
    Bytes,
    client::{
        AuthenticatedClient, BackboneClient, ClientSettings, Credentials, NewIdentity, RetryPolicy,
    },
    relationships::{CreateRelationshipRequest, RelationshipMetadata},
};
use tessera_core_types::{Address, SystemRandomness};
use tessera_crypto::{channel::RequestSecrets, objects::SignatureKeypair};
use tessera_wallet::{
    envelopes::{challenge, challenge::ChallengeType, creation, template},
    model::RelationshipTemplate,
};

use super::World;

pub struct Stranger {
    pub identity: SignatureKeypair,
    pub address: Address,
    pub client: AuthenticatedClient,
}

impl Stranger {
    pub async fn new(world: &World) -> Self {
        const PASSWORD: &str = "Correct-Horse-1";
        let mut settings = ClientSettings::new(world.proxy.url(), "test", "test");
        settings.retry = RetryPolicy::NONE;
        let anonymous = BackboneClient::new(settings).unwrap();
        let identity = SignatureKeypair::generate(&SystemRandomness);
        let asked = anonymous.create_challenge().await.unwrap();
        let created = anonymous
            .create_identity(NewIdentity {
                identity_public_key: Bytes::from(identity.public().to_json(true).into_bytes()),
                device_password: PASSWORD.into(),
                device_communication_language: None,
                signed_challenge: challenge::answer(
                    &asked,
                    ChallengeType::Identity,
                    identity.private(),
                )
                .unwrap(),
            })
            .await
            .unwrap();
        let credentials = Credentials::new(created.device.username, PASSWORD);
        Self {
            identity,
            address: created.address,
            client: anonymous.log_in_as(credentials),
        }
    }

    /// Answers a template with any content, under any address, for any template.
    pub async fn answer(
        &self,
        answered: &RelationshipTemplate,
        content: &Value,
        claimed: &Address,
        named: &tessera_core_types::RelationshipTemplateId,
    ) -> RelationshipMetadata {
        let got = self
            .client
            .relationship_template(&answered.id, None)
            .await
            .unwrap();
        let opened = template::open(
            got.content.as_slice(),
            &answered.secret_key,
            &got.created_by,
            "localhost",
        )
        .unwrap();
        let secrets =
            RequestSecrets::new(opened.template_key, opened.public_key, &SystemRandomness).unwrap();
        let device = SignatureKeypair::generate(&SystemRandomness);
        let bytes = creation::seal(
            content,
            creation::Requestor {
                address: claimed,
                public_key: self.identity.public(),
                device_key: device.private(),
            },
            named,
            &secrets,
            &SystemRandomness,
        )
        .unwrap();
        self.client
            .create_relationship(&CreateRelationshipRequest {
                relationship_template_id: answered.id.clone(),
                creation_content: Some(Bytes::from(bytes)),
            })
            .await
            .unwrap()
    }
}

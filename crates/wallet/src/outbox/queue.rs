//! Making an answer ready to be sent.

use tessera_content::{CreationContent, RelationshipCreationContent, with_v6_names};
use tessera_core_types::RelationshipSecretId;
use tessera_crypto::channel::RequestSecrets;

use super::CreationPayload;
use crate::{
    Result, WalletError, envelopes,
    keys::SecretText,
    messages::Sender,
    model::{
        LocalRequest, LocalRequestSource, NewOutboxOperation, OutboxKind, SecretContainer,
        SecretKind,
    },
    store::{self, Transaction},
    templates::secret_container_id,
    wallet::device_keys,
};

/// Makes the answer ready to be sent: the secrets of the new Relationship and the sealed bytes.
/// They are made once, so that every try sends the same.
pub(crate) fn queue_creation(
    transaction: &Transaction<'_>,
    sender: &Sender,
    request: &LocalRequest,
    content: RelationshipCreationContent,
) -> Result<()> {
    let (me, now, randomness) = (&sender.me, sender.now, &*sender.randomness);
    let Some(LocalRequestSource::RelationshipTemplate { reference }) = &request.source else {
        return Err(WalletError::NoActiveRelationship);
    };
    let template = store::templates::by_id(transaction, reference)?
        .ok_or(WalletError::NotFound("template"))?;
    if template.is_expired_at(now) {
        return Err(WalletError::TemplateExpired);
    }
    let content = CreationContent::Response(content);
    let secrets = RequestSecrets::new(
        template.template_key.clone(),
        template.identity.public_key,
        randomness,
    )?;
    let device = device_keys(transaction)?;
    let creation_content = envelopes::creation::seal(
        &with_v6_names(content.to_json()),
        envelopes::creation::Requestor {
            address: &me.address,
            public_key: &me.public_key,
            device_key: device.signature.private(),
        },
        &template.id,
        &secrets,
        randomness,
    )?;
    let secret_id = RelationshipSecretId::generate(randomness);
    store::secrets::put(
        transaction,
        &SecretContainer {
            id: secret_container_id(randomness)?,
            name: secret_id.as_str().to_owned(),
            kind: SecretKind::CryptoRelationshipRequestSecrets,
            secret: SecretText::from(secrets.to_stored_json()),
            valid_from: now,
            valid_to: None,
        },
    )?;
    let payload = CreationPayload {
        template_id: template.id,
        secret_id,
        creation_content: creation_content.into(),
        exists: false,
    };
    store::outbox::add(
        transaction,
        &NewOutboxOperation {
            kind: OutboxKind::CreateRelationship,
            subject: request.id.as_str().to_owned(),
            peers: vec![request.peer.clone()],
            payload: payload.write()?,
            created_at: now,
        },
    )?;
    Ok(())
}

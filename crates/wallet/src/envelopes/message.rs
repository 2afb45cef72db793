//! Messages: a body that every recipient opens with the same key, which each of them gets through
//! the channel of their Relationship.

use serde::Deserialize;
use serde_json::Value;
use tessera_backbone_api::messages::Message;
use tessera_core_types::{Address, CoreDate};
use tessera_crypto::{
    channel::ReceiveState,
    objects::{Cipher, SecretKey, Signature, SignaturePublicKey},
};

use super::{EnvelopeError, Part};

const PART: Part = Part::Message;

/// What a Message says, opened and verified.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenedMessage {
    /// Its content: a Mail, a Request, a ResponseWrapper, a Notification or anything else.
    pub content: Value,
    /// When it was made, by its sender's clock.
    pub created_at: CoreDate,
    /// Everybody it is for.
    pub recipients: Vec<Address>,
    /// The references of its attachments, as they came.
    pub attachments: Vec<Value>,
    /// What its body is encrypted with.
    pub key: SecretKey,
}

/// The outer layer of the plaintext.
#[derive(Deserialize)]
struct MessageSigned {
    message: String,
    signatures: Vec<RecipientSignature>,
}

/// The signature for one recipient; the signature itself is JSON in a string.
#[derive(Deserialize)]
struct RecipientSignature {
    recipient: String,
    signature: String,
}

/// What was signed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageContentWrapper {
    content: Value,
    created_at: CoreDate,
    recipients: Vec<String>,
    #[serde(default)]
    attachments: Vec<Value>,
}

/// Opens a received Message and verifies it: that it was sent to `own`, that the peer's Relationship
/// key signed it for `own`, and that `own` is among those the signed text names. Any counter of the
/// channel is taken: the published packages repeat theirs.
///
/// # Errors
///
/// [`EnvelopeError::NotInRecipients`], [`EnvelopeError::NoSignatureForRecipient`],
/// [`EnvelopeError::SignatureNotValid`], [`EnvelopeError::NotAmongSignedRecipients`] (somebody
/// passed on a Message that was meant for others), in this order; and what does not open or is no
/// Message.
pub fn open(
    message: &Message,
    own: &Address,
    channel: &ReceiveState,
    peer_signature: &SignaturePublicKey,
) -> Result<OpenedMessage, EnvelopeError> {
    let entry = message
        .recipients
        .iter()
        .find(|entry| entry.address == *own);
    let entry = entry.ok_or(EnvelopeError::NotInRecipients)?;

    let sealed_key =
        Cipher::from_json(PART.text(entry.encrypted_key.as_slice())?).map_err(PART.crypto())?;
    let key = channel.open(&sealed_key).map_err(PART.crypto())?;
    let key = SecretKey::from_json(&PART.plain_text(&key)?).map_err(PART.crypto())?;

    let plain = PART.open(message.body.as_slice(), &key)?;
    let signed: MessageSigned = PART.parse("MessageSigned", &plain)?;
    let signature = signed
        .signatures
        .iter()
        .find(|entry| entry.recipient == own.as_str());
    let signature = signature.ok_or(EnvelopeError::NoSignatureForRecipient)?;
    let signature = Signature::from_json(&signature.signature).map_err(PART.crypto())?;
    PART.verify(peer_signature, &signed.message, &signature)?;

    let wrapper: MessageContentWrapper = PART.parse("MessageContentWrapper", &signed.message)?;
    if !wrapper
        .recipients
        .iter()
        .any(|recipient| recipient == own.as_str())
    {
        return Err(EnvelopeError::NotAmongSignedRecipients);
    }
    let recipients = wrapper
        .recipients
        .iter()
        .map(|recipient| Address::parse(recipient));
    Ok(OpenedMessage {
        content: wrapper.content,
        created_at: wrapper.created_at,
        recipients: recipients
            .collect::<Result<_, _>>()
            .map_err(|_| EnvelopeError::Malformed {
                part: PART,
                what: "a recipient",
            })?,
        attachments: wrapper.attachments,
        key,
    })
}

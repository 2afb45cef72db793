//! Messages: a body that every recipient opens with the same key, which each of them gets through
//! the channel of their Relationship.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_backbone_api::messages::{Message, SendMessageRecipient};
use tessera_core_types::{Address, CoreDate, Randomness};
use tessera_crypto::{
    channel::{Counter, ReceiveState, RelationshipSecrets},
    objects::{Cipher, HashAlgorithm, SecretKey, Signature, SignaturePublicKey},
    sign,
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
#[derive(Serialize, Deserialize)]
struct MessageSigned {
    #[serde(rename = "@type", skip_deserializing)]
    kind: &'static str,
    message: String,
    signatures: Vec<RecipientSignature>,
}

/// The signature for one recipient; the signature itself is JSON in a string.
#[derive(Serialize, Deserialize)]
struct RecipientSignature {
    recipient: String,
    signature: String,
}

/// What was signed. The properties are written in the order of their names.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageContentWrapper {
    #[serde(rename = "@type", skip_deserializing)]
    kind: &'static str,
    #[serde(default)]
    attachments: Vec<Value>,
    content: Value,
    created_at: CoreDate,
    recipients: Vec<String>,
}

/// What a new Message says, for [`seal`].
#[derive(Debug, Clone, Copy)]
pub struct NewMessage<'a> {
    /// Its content, with `@type`.
    pub content: &'a Value,
    /// The references of its attachments.
    pub attachments: &'a [Value],
    /// When it was written, by the own clock.
    pub created_at: CoreDate,
}

/// Whom a new Message is for, for [`seal`].
pub struct Recipient<'a> {
    /// The recipient's address.
    pub address: Address,
    /// The channels of the Relationship with them.
    pub secrets: &'a RelationshipSecrets,
    /// Reserved on the transmitting channel of `secrets`; it is used up.
    pub counter: Counter,
}

/// A Message as it is sent.
pub struct SealedMessage {
    /// The encrypted body.
    pub body: Vec<u8>,
    /// For every recipient, in the order given, the body's key.
    pub recipients: Vec<SendMessageRecipient>,
}

/// Seals a Message with a fresh key.
///
/// # Errors
///
/// [`EnvelopeError::TooLarge`], and [`tessera_crypto::CryptoError::CounterOfOtherChannel`].
pub fn seal(
    new: NewMessage<'_>,
    recipients: Vec<Recipient<'_>>,
    randomness: &dyn Randomness,
) -> Result<SealedMessage, EnvelopeError> {
    let message = PART.write(
        "MessageContentWrapper",
        &MessageContentWrapper {
            kind: "MessageContentWrapper",
            attachments: new.attachments.to_vec(),
            content: new.content.clone(),
            created_at: new.created_at,
            recipients: recipients
                .iter()
                .map(|recipient| recipient.address.to_string())
                .collect(),
        },
    )?;
    let signatures = recipients.iter().map(|recipient| {
        let key = recipient.secrets.signature().private();
        let signature =
            sign::sign(key, message.as_bytes(), HashAlgorithm::Sha256).map_err(PART.crypto())?;
        Ok(RecipientSignature {
            recipient: recipient.address.to_string(),
            signature: signature.to_json(false),
        })
    });
    let signed = PART.write(
        "MessageSigned",
        &MessageSigned {
            kind: "MessageSigned",
            message: message.to_string(),
            signatures: signatures.collect::<Result<_, EnvelopeError>>()?,
        },
    )?;
    let key = SecretKey::generate(randomness);
    let body = PART.seal(&signed, &key, randomness)?;
    let key = key.to_json(false);
    let recipients = recipients.into_iter().map(|recipient| {
        let transmit = recipient.secrets.transmit();
        let sealed = transmit.seal(recipient.counter, key.as_bytes());
        let sealed = sealed.map_err(PART.crypto())?;
        Ok(SendMessageRecipient {
            address: recipient.address,
            encrypted_key: sealed.to_json(true).into_bytes().into(),
        })
    });
    Ok(SealedMessage {
        body,
        recipients: recipients.collect::<Result<_, EnvelopeError>>()?,
    })
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

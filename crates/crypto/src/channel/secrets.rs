//! What each party keeps of a Relationship, from the request to the open channels.

use tessera_core_types::Randomness;
use zeroize::Zeroizing;

use super::{ReceiveState, TransmitState};
use crate::{
    CryptoError, NONCE_LENGTH, Nonce,
    json::{Object, Out, TypePlace, Written, silent},
    kdf, kx,
    objects::{
        ExchangeKeypair, ExchangePublicKey, RelationshipPublicRequest, RelationshipPublicResponse,
        SecretKey, SignatureKeypair, SignaturePublicKey, TemplatePublicKey, read_nonce,
    },
};

/// The only key that is derived from each pair of session keys has this id.
const KEY_ID: u32 = 1;

const TEMPLATOR: u32 = 1;
const REQUESTOR: u32 = 2;

/// What a requestor keeps between asking for a Relationship and the answer.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestSecrets {
    exchange: ExchangeKeypair,
    ephemeral: ExchangeKeypair,
    signature: SignatureKeypair,
    request_key: SecretKey,
    nonce: Nonce,
    peer_identity_key: SignaturePublicKey,
    template_key: TemplatePublicKey,
}

silent!(RequestSecrets);

impl RequestSecrets {
    /// Their `@type`.
    pub const TYPE: &'static str = "CryptoRelationshipRequestSecrets";

    /// Fresh secrets for answering the template with `template_key`, made by the identity with
    /// `peer_identity_key`. Draws exchange key, ephemeral key, signature key and nonce, in that
    /// order.
    ///
    /// # Errors
    ///
    /// [`CryptoError::KeyDerivation`] when the template's key lies in a small subgroup.
    pub fn new(
        template_key: TemplatePublicKey,
        peer_identity_key: SignaturePublicKey,
        randomness: &dyn Randomness,
    ) -> Result<Self, CryptoError> {
        let exchange = ExchangeKeypair::generate(randomness);
        let ephemeral = ExchangeKeypair::generate(randomness);
        let signature = SignatureKeypair::generate(randomness);
        let session = kx::requestor(&ephemeral, &template_key.key)?;
        Ok(Self {
            exchange,
            signature,
            request_key: kdf::derive(&session.transmit, KEY_ID, kdf::REQUEST)?,
            ephemeral,
            nonce: random_nonce(randomness),
            peer_identity_key,
            template_key,
        })
    }

    /// What the templator gets to see.
    #[must_use]
    pub fn public_request(&self) -> RelationshipPublicRequest {
        RelationshipPublicRequest {
            exchange: *self.exchange.public(),
            signature: *self.signature.public(),
            ephemeral: *self.ephemeral.public(),
            nonce: self.nonce,
        }
    }

    /// The key of the request's content.
    #[must_use]
    pub fn request_key(&self) -> &SecretKey {
        &self.request_key
    }

    /// The own signature key of this Relationship.
    #[must_use]
    pub fn signature(&self) -> &SignatureKeypair {
        &self.signature
    }

    /// The identity key of the templator.
    #[must_use]
    pub fn peer_identity_key(&self) -> &SignaturePublicKey {
        &self.peer_identity_key
    }

    /// The form in which enmeshed stores them, encrypted, and shares them among an identity's
    /// devices.
    #[must_use]
    pub fn to_stored_json(&self) -> Zeroizing<String> {
        Written(vec![
            ("eph", Out::Object(self.ephemeral.written())),
            ("exc", Out::Object(self.exchange.written())),
            ("key", Out::Object(self.request_key.written())),
            ("nnc", Out::bytes(&self.nonce)),
            ("pik", Out::Object(self.peer_identity_key.written())),
            ("pxk", Out::Object(typed(&self.template_key))),
            ("sig", Out::Object(self.signature.written())),
        ])
        .typed(Self::TYPE, TypePlace::First)
        .into_text()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    ///
    /// [`CryptoError`] with enmeshed's code for what is wrong.
    pub fn from_stored_json(text: &str) -> Result<Self, CryptoError> {
        let object = Object::parse(text)?;
        Ok(Self {
            ephemeral: object.nested("eph", ExchangeKeypair::read)?,
            exchange: object.nested("exc", ExchangeKeypair::read)?,
            request_key: object.nested("key", SecretKey::read)?,
            nonce: read_nonce(&object)?,
            peer_identity_key: object.nested("pik", SignaturePublicKey::read)?,
            template_key: object.nested("pxk", TemplatePublicKey::read)?,
            signature: object.nested("sig", SignatureKeypair::read)?,
        })
    }
}

/// What each party keeps of a Relationship with open channels.
#[derive(Clone, PartialEq, Eq)]
pub struct RelationshipSecrets {
    exchange: ExchangeKeypair,
    signature: SignatureKeypair,
    peer_exchange: ExchangePublicKey,
    peer_signature: SignaturePublicKey,
    request_key: SecretKey,
    transmit: TransmitState,
    receive: ReceiveState,
    role: RelationshipRole,
}

silent!(RelationshipSecrets);

/// Which party the own identity is, with what only that party keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelationshipRole {
    /// Made the template.
    Templator {
        /// The requestor's ephemeral key.
        peer_ephemeral: ExchangePublicKey,
    },
    /// Answered the template.
    Requestor {
        /// The templator's identity key.
        peer_identity_key: SignaturePublicKey,
        /// The key of the template.
        template_key: TemplatePublicKey,
    },
}

impl RelationshipSecrets {
    /// Their `@type`.
    pub const TYPE: &'static str = "CryptoRelationshipSecrets";

    /// The requestor's, out of its request and the templator's response.
    ///
    /// Nothing is proven by that yet: open the acceptance with [`Self::receive`] and verify its
    /// signature with [`Self::peer_signature`] before relying on them.
    ///
    /// # Errors
    ///
    /// [`CryptoError::KeyDerivation`] when the response's key lies in a small subgroup.
    pub fn requestor(
        request: &RequestSecrets,
        response: &RelationshipPublicResponse,
    ) -> Result<Self, CryptoError> {
        let session = kx::requestor(&request.exchange, &response.exchange)?;
        let transmit = kdf::derive(&session.transmit, KEY_ID, kdf::REQUESTOR_CHANNEL)?;
        let receive = kdf::derive(&session.receive, KEY_ID, kdf::TEMPLATOR_CHANNEL)?;
        Ok(Self {
            exchange: request.exchange.clone(),
            signature: request.signature.clone(),
            peer_exchange: response.exchange,
            peer_signature: response.signature,
            request_key: request.request_key.clone(),
            transmit: TransmitState::new(transmit, request.nonce),
            receive: ReceiveState::new(receive, response.state.nonce),
            role: RelationshipRole::Requestor {
                peer_identity_key: request.peer_identity_key,
                template_key: request.template_key.clone(),
            },
        })
    }

    /// The templator's, out of the key pair of its template and the requestor's request. Draws
    /// exchange key, signature key and nonce, in that order.
    ///
    /// Nothing is proven by that yet: open the request's content with [`Self::request_key`] and
    /// verify its signature with [`Self::peer_signature`] before relying on them.
    ///
    /// # Errors
    ///
    /// [`CryptoError::KeyDerivation`] when a key of the request lies in a small subgroup.
    pub fn templator(
        template_key: &ExchangeKeypair,
        request: &RelationshipPublicRequest,
        randomness: &dyn Randomness,
    ) -> Result<Self, CryptoError> {
        let exchange = ExchangeKeypair::generate(randomness);
        let signature = SignatureKeypair::generate(randomness);
        let nonce = random_nonce(randomness);
        let session = kx::templator(&exchange, &request.exchange)?;
        let transmit = kdf::derive(&session.transmit, KEY_ID, kdf::TEMPLATOR_CHANNEL)?;
        let receive = kdf::derive(&session.receive, KEY_ID, kdf::REQUESTOR_CHANNEL)?;
        Ok(Self {
            exchange,
            signature,
            peer_exchange: request.exchange,
            peer_signature: request.signature,
            request_key: templator_request_key(template_key, request)?,
            transmit: TransmitState::new(transmit, nonce),
            receive: ReceiveState::new(receive, request.nonce),
            role: RelationshipRole::Templator {
                peer_ephemeral: request.ephemeral,
            },
        })
    }

    /// What the requestor gets to see when the templator accepts.
    #[must_use]
    pub fn public_response(&self) -> RelationshipPublicResponse {
        RelationshipPublicResponse {
            exchange: *self.exchange.public(),
            signature: *self.signature.public(),
            state: self.transmit.public_state(),
        }
    }

    /// The key of the request's content.
    #[must_use]
    pub fn request_key(&self) -> &SecretKey {
        &self.request_key
    }

    /// The own signature key of this Relationship.
    #[must_use]
    pub fn signature(&self) -> &SignatureKeypair {
        &self.signature
    }

    /// The peer's signature key of this Relationship.
    #[must_use]
    pub fn peer_signature(&self) -> &SignaturePublicKey {
        &self.peer_signature
    }

    /// The channel to the peer.
    #[must_use]
    pub fn transmit(&self) -> &TransmitState {
        &self.transmit
    }

    /// The channel from the peer.
    #[must_use]
    pub fn receive(&self) -> &ReceiveState {
        &self.receive
    }

    /// Which party the own identity is.
    #[must_use]
    pub fn role(&self) -> &RelationshipRole {
        &self.role
    }

    /// The form in which enmeshed stores them, encrypted, and shares them among an identity's
    /// devices.
    #[must_use]
    pub fn to_stored_json(&self) -> Zeroizing<String> {
        let (identity, template, role) = match &self.role {
            RelationshipRole::Templator { peer_ephemeral } => {
                (None, peer_ephemeral.written(), TEMPLATOR)
            }
            RelationshipRole::Requestor {
                peer_identity_key,
                template_key,
            } => (
                Some(("pik", Out::Object(peer_identity_key.written()))),
                typed(template_key),
                REQUESTOR,
            ),
        };
        let mut properties = vec![("exc", Out::Object(self.exchange.written()))];
        properties.extend(identity);
        properties.extend([
            ("psk", Out::Object(self.peer_signature.written())),
            ("ptk", Out::Object(template)),
            ("pxk", Out::Object(self.peer_exchange.written())),
            ("rsk", Out::Object(self.request_key.written())),
            ("rx", Out::Object(self.receive.written())),
            ("sig", Out::Object(self.signature.written())),
            ("tx", Out::Object(self.transmit.written())),
            ("typ", Out::Number(role)),
        ]);
        Written(properties)
            .typed(Self::TYPE, TypePlace::First)
            .into_text()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    ///
    /// [`CryptoError`] with enmeshed's code for what is wrong.
    pub fn from_stored_json(text: &str) -> Result<Self, CryptoError> {
        let object = Object::parse(text)?;
        let role = match object.number("typ").map(u32::try_from) {
            Some(Ok(TEMPLATOR)) => RelationshipRole::Templator {
                peer_ephemeral: object.nested("ptk", ExchangePublicKey::read)?,
            },
            Some(Ok(REQUESTOR)) => RelationshipRole::Requestor {
                peer_identity_key: object.nested("pik", SignaturePublicKey::read)?,
                template_key: object.nested("ptk", TemplatePublicKey::read)?,
            },
            _ => return Err(CryptoError::WrongRelationshipType),
        };
        Ok(Self {
            exchange: object.nested("exc", ExchangeKeypair::read)?,
            signature: object.nested("sig", SignatureKeypair::read)?,
            peer_exchange: object.nested("pxk", ExchangePublicKey::read)?,
            peer_signature: object.nested("psk", SignaturePublicKey::read)?,
            request_key: object.nested("rsk", SecretKey::read)?,
            transmit: object.nested("tx", TransmitState::read)?,
            receive: object.nested("rx", ReceiveState::read)?,
            role,
        })
    }
}

/// The key of the request's content, from the templator's side.
fn templator_request_key(
    template_key: &ExchangeKeypair,
    request: &RelationshipPublicRequest,
) -> Result<SecretKey, CryptoError> {
    let session = kx::templator(template_key, &request.ephemeral)?;
    kdf::derive(&session.receive, KEY_ID, kdf::REQUEST)
}

/// A template's key has its `@type` where the general exchange key is expected.
fn typed(key: &TemplatePublicKey) -> Written {
    key.written()
        .typed(TemplatePublicKey::TYPE, TypePlace::Last)
}

fn random_nonce(randomness: &dyn Randomness) -> Nonce {
    let mut nonce = [0; NONCE_LENGTH];
    randomness.fill(&mut nonce);
    nonce
}

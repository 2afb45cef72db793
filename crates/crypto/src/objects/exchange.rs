//! Keys of the key exchange.

use tessera_core_types::{Randomness, TemplateKeyId};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{algorithm, exactly, has_algorithm};
use crate::{
    CryptoError, KEY_LENGTH,
    json::{Object, Out, Written, json_forms, secret},
};

const KEY_LENGTHS: (usize, usize) = (20, 40);

/// An X25519 public key, 32 bytes: `{"pub","alg":3}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExchangePublicKey([u8; KEY_LENGTH]);

json_forms!(ExchangePublicKey, "CryptoExchangePublicKey", First, String);

impl ExchangePublicKey {
    /// The key with these bytes. Whether keys can be derived with it shows when doing so.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_LENGTH]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }

    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        read_key(object, "pub").map(|bytes| Self(*bytes))
    }

    pub(crate) fn written(&self) -> Written {
        Written(vec![("pub", Out::bytes(&self.0)), algorithm()])
    }
}

/// An X25519 private key, 32 bytes: `{"prv","alg":3}`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ExchangePrivateKey([u8; KEY_LENGTH]);

secret!(ExchangePrivateKey, |key| &key.0);
json_forms!(
    ExchangePrivateKey,
    "CryptoExchangePrivateKey",
    Last,
    Zeroizing<String>
);

impl ExchangePrivateKey {
    /// A new random key.
    #[must_use]
    pub fn generate(randomness: &dyn Randomness) -> Self {
        let mut key = Self([0; KEY_LENGTH]);
        randomness.fill(&mut key.0);
        key
    }

    /// The key with these bytes.
    ///
    /// # Errors
    ///
    /// [`CryptoError::WrongKeyLength`] when they are not 32.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, CryptoError> {
        exactly(bytes, CryptoError::WrongKeyLength).map(|bytes| Self(*bytes))
    }

    /// The bytes. Whoever copies them has to wipe the copy.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> ExchangePublicKey {
        ExchangePublicKey(PublicKey::from(&StaticSecret::from(self.0)).to_bytes())
    }

    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        read_key(object, "prv").map(|bytes| Self(*bytes))
    }

    pub(crate) fn written(&self) -> Written {
        Written(vec![("prv", Out::bytes(&self.0)), algorithm()])
    }
}

/// Both halves of an exchange key: `{"pub":{…},"prv":{…}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeKeypair {
    public: ExchangePublicKey,
    private: ExchangePrivateKey,
}

json_forms!(
    ExchangeKeypair,
    "CryptoExchangeKeypair",
    Last,
    Zeroizing<String>
);

impl ExchangeKeypair {
    /// A new random key pair.
    #[must_use]
    pub fn generate(randomness: &dyn Randomness) -> Self {
        ExchangePrivateKey::generate(randomness).into()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> &ExchangePublicKey {
        &self.public
    }

    /// The private half.
    #[must_use]
    pub fn private(&self) -> &ExchangePrivateKey {
        &self.private
    }

    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        let public = object.nested("pub", ExchangePublicKey::read)?;
        let pair = Self::from(object.nested("prv", ExchangePrivateKey::read)?);
        if pair.public == public {
            Ok(pair)
        } else {
            Err(CryptoError::KeypairMismatch)
        }
    }

    pub(crate) fn written(&self) -> Written {
        Written(vec![
            ("pub", Out::Object(self.public.written())),
            ("prv", Out::Object(self.private.written())),
        ])
    }
}

impl From<ExchangePrivateKey> for ExchangeKeypair {
    fn from(private: ExchangePrivateKey) -> Self {
        Self {
            public: private.public_key(),
            private,
        }
    }
}

/// The public key of a RelationshipTemplate, fresh for each: `{"id":"TRPRTK…","pub","alg":3}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplatePublicKey {
    /// By which its owner finds the private key.
    pub id: TemplateKeyId,
    /// The key.
    pub key: ExchangePublicKey,
}

json_forms!(
    TemplatePublicKey,
    "RelationshipTemplatePublicKey",
    Last,
    String
);

impl TemplatePublicKey {
    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        let id = object.text("id").map(TemplateKeyId::parse);
        Ok(Self {
            key: ExchangePublicKey::read(object)?,
            id: id
                .and_then(Result::ok)
                .ok_or(CryptoError::WrongTemplateKeyId)?,
        })
    }

    pub(crate) fn written(&self) -> Written {
        let mut written = self.key.written();
        written.0.insert(0, ("id", Out::text(self.id.as_str())));
        written
    }
}

fn read_key(object: &Object, name: &str) -> Result<Zeroizing<[u8; KEY_LENGTH]>, CryptoError> {
    if !has_algorithm(object) || object.get(name).is_none() {
        return Err(CryptoError::WrongExchangeAlgorithm);
    }
    let bytes = object.bytes(name, KEY_LENGTHS.0, KEY_LENGTHS.1)?;
    exactly(&bytes, CryptoError::KeyDerivation)
}

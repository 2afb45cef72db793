//! Signatures and their keys.

use ed25519_dalek::SigningKey;
use tessera_core_types::Randomness;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{algorithm, exactly, has_algorithm};
use crate::{
    CryptoError, KEY_LENGTH,
    json::{Object, Out, Written, json_forms, secret},
};

const SIGNATURE_LENGTHS: (usize, usize) = (20, 100);
const KEY_LENGTHS: (usize, usize) = (20, 80);

/// The hash number beside a signature. It says who signed, and changes nothing in the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashAlgorithm {
    /// Written with signatures of Relationship keys.
    Sha256 = 1,
    /// Written with signatures of identity and device keys.
    Sha512 = 2,
    /// Accepted, never written.
    Blake2b = 3,
}

/// A signature: `{"sig","alg":1, 2 or 3}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    bytes: Vec<u8>,
    algorithm: HashAlgorithm,
}

json_forms!(Signature, "CryptoSignature", Last, String);

impl Signature {
    pub(crate) fn new(bytes: Vec<u8>, algorithm: HashAlgorithm) -> Self {
        Self { bytes, algorithm }
    }

    /// The bytes: 64 when it was made here, 20 to 100 when it was read. Verifying one that has
    /// not 64 is an error.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The hash number beside it.
    #[must_use]
    pub fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        let algorithm = match object.number("alg") {
            Some(1) => HashAlgorithm::Sha256,
            Some(2) => HashAlgorithm::Sha512,
            Some(3) => HashAlgorithm::Blake2b,
            _ => return Err(CryptoError::WrongHashAlgorithm),
        };
        let (min, max) = SIGNATURE_LENGTHS;
        let mut bytes = object.bytes("sig", min, max)?;
        Ok(Self::new(std::mem::take(&mut *bytes), algorithm))
    }

    pub(crate) fn written(&self) -> Written {
        Written(vec![
            ("sig", Out::bytes(&self.bytes)),
            ("alg", Out::Number(self.algorithm as u32)),
        ])
    }
}

/// An Ed25519 public key, 32 bytes: `{"pub","alg":3}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SignaturePublicKey([u8; KEY_LENGTH]);

json_forms!(SignaturePublicKey, "CryptoSignaturePublicKey", Last, String);

impl SignaturePublicKey {
    /// The key with these bytes. Whether they are a point of the curve shows when verifying.
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
        let bytes = read_key(object, "pub")?;
        exactly(&bytes, CryptoError::SignatureVerify).map(|bytes| Self(*bytes))
    }

    pub(crate) fn written(&self) -> Written {
        Written(vec![("pub", Out::bytes(&self.0)), algorithm()])
    }
}

/// An Ed25519 private key, 64 bytes, seed and public key: `{"prv","alg":3}`.
#[derive(Clone, ZeroizeOnDrop)]
pub struct SignaturePrivateKey(SigningKey);

secret!(SignaturePrivateKey, |key| key.0.as_bytes());
json_forms!(
    SignaturePrivateKey,
    "CryptoSignaturePrivateKey",
    Last,
    Zeroizing<String>
);

impl SignaturePrivateKey {
    /// A new random key.
    #[must_use]
    pub fn generate(randomness: &dyn Randomness) -> Self {
        let mut seed = Zeroizing::new([0; KEY_LENGTH]);
        randomness.fill(&mut *seed);
        Self(SigningKey::from_bytes(&seed))
    }

    /// The key with these 64 bytes: seed, then public key.
    ///
    /// # Errors
    ///
    /// [`CryptoError::WrongKeyLength`] when they are not 64, [`CryptoError::KeypairMismatch`]
    /// when the public key is not the one of the seed.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, CryptoError> {
        let bytes = exactly(bytes, CryptoError::WrongKeyLength)?;
        SigningKey::from_keypair_bytes(&bytes)
            .map(Self)
            .map_err(|_| CryptoError::KeypairMismatch)
    }

    /// Seed and public key, 64 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<[u8; 2 * KEY_LENGTH]> {
        Zeroizing::new(self.0.to_keypair_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> SignaturePublicKey {
        SignaturePublicKey(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn signing_key(&self) -> &SigningKey {
        &self.0
    }

    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        Self::from_slice(&read_key(object, "prv")?)
    }

    pub(crate) fn written(&self) -> Written {
        Written(vec![("prv", Out::bytes(&*self.to_bytes())), algorithm()])
    }
}

/// Both halves of a signature key: `{"pub":{…},"prv":{…}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureKeypair {
    public: SignaturePublicKey,
    private: SignaturePrivateKey,
}

json_forms!(
    SignatureKeypair,
    "CryptoSignatureKeypair",
    Last,
    Zeroizing<String>
);

impl SignatureKeypair {
    /// A new random key pair.
    #[must_use]
    pub fn generate(randomness: &dyn Randomness) -> Self {
        SignaturePrivateKey::generate(randomness).into()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> &SignaturePublicKey {
        &self.public
    }

    /// The private half.
    #[must_use]
    pub fn private(&self) -> &SignaturePrivateKey {
        &self.private
    }

    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        let public = object.nested("pub", SignaturePublicKey::read)?;
        let pair = Self::from(object.nested("prv", SignaturePrivateKey::read)?);
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

impl From<SignaturePrivateKey> for SignatureKeypair {
    fn from(private: SignaturePrivateKey) -> Self {
        Self {
            public: private.public_key(),
            private,
        }
    }
}

fn read_key(object: &Object, name: &str) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    if !has_algorithm(object) || object.get(name).is_none() {
        return Err(CryptoError::WrongSignatureAlgorithm);
    }
    object.bytes(name, KEY_LENGTHS.0, KEY_LENGTHS.1)
}

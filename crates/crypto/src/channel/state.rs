//! The two ends of a channel.

use tessera_core_types::DeviceId;
use zeroize::Zeroizing;

use super::counter::{self, ChannelId, Counter, CounterStore};
use crate::{
    CryptoError, Nonce, aead,
    json::{Object, Out, TypePlace, Written, silent},
    objects::{
        Cipher, CipherNonce, PublicState, SecretKey, StateType, algorithm,
        check_encryption_algorithm, read_nonce,
    },
};

/// Key and base nonce of a channel.
#[derive(Clone, PartialEq, Eq)]
struct State {
    key: SecretKey,
    nonce: Nonce,
    /// What the published packages keep here. It says nothing about the counters that were used;
    /// it is only written back as it was read.
    stored_counter: u32,
}

impl State {
    fn read(object: &Object, state_type: StateType) -> Result<Self, CryptoError> {
        check_encryption_algorithm(object)?;
        if StateType::read(object)? != state_type {
            return Err(CryptoError::WrongStateType);
        }
        let counter = object.number("cnt").map(u32::try_from);
        Ok(Self {
            key: SecretKey::read(object)?,
            nonce: read_nonce(object)?,
            stored_counter: counter
                .and_then(Result::ok)
                .ok_or(CryptoError::WrongCounter)?,
        })
    }

    /// Unlike other objects, a state always has its `@type`.
    fn written(&self, state_type: StateType, name: &'static str) -> Written {
        Written(vec![
            ("nnc", Out::bytes(&self.nonce)),
            ("cnt", Out::Number(self.stored_counter)),
            ("key", Out::bytes(self.key.as_bytes())),
            algorithm(),
            ("typ", Out::Number(state_type as u32)),
        ])
        .typed(name, TypePlace::Last)
    }
}

/// The end of a channel that seals.
#[derive(Clone, PartialEq, Eq)]
pub struct TransmitState(State);

silent!(TransmitState);

impl TransmitState {
    /// The end with this key and this base nonce, which must be drawn at random for each channel.
    #[must_use]
    pub fn new(key: SecretKey, nonce: Nonce) -> Self {
        Self(State {
            key,
            nonce,
            stored_counter: 0,
        })
    }

    /// By which a [`CounterStore`] knows this channel.
    #[must_use]
    pub fn channel_id(&self) -> ChannelId {
        ChannelId::of(self.0.nonce)
    }

    /// What the peer has to know of this end.
    #[must_use]
    pub fn public_state(&self) -> PublicState {
        PublicState {
            nonce: self.0.nonce,
            state_type: StateType::Transmit,
        }
    }

    /// Takes the next counter of `device` out of `store`. It is used up also when nothing is
    /// sealed with it.
    ///
    /// # Errors
    ///
    /// Those of the store and of [`next_counter`](super::next_counter).
    pub fn reserve<S: CounterStore>(
        &self,
        device: &DeviceId,
        store: &mut S,
    ) -> Result<Counter, S::Error> {
        counter::reserve(self.channel_id(), device, store)
    }

    /// Encrypts `plaintext` for the peer.
    ///
    /// # Errors
    ///
    /// [`CryptoError::CounterOfOtherChannel`], and as [`aead::seal`].
    pub fn seal(&self, counter: Counter, plaintext: &[u8]) -> Result<Cipher, CryptoError> {
        self.seal_at(counter.redeem(self.channel_id())?, plaintext)
    }

    pub(crate) fn seal_at(&self, counter: u32, plaintext: &[u8]) -> Result<Cipher, CryptoError> {
        let nonce = aead::counter_nonce(&self.0.nonce, counter);
        let ciphertext = aead::encrypt(&self.0.key, &nonce, plaintext)?;
        Ok(Cipher::new(ciphertext, CipherNonce::Counter(counter)))
    }

    pub(super) fn read(object: &Object) -> Result<Self, CryptoError> {
        State::read(object, StateType::Transmit).map(Self)
    }

    pub(super) fn written(&self) -> Written {
        self.0
            .written(StateType::Transmit, "CryptoPrivateStateTransmit")
    }
}

/// The end of a channel that opens.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiveState(State);

silent!(ReceiveState);

impl ReceiveState {
    /// The end with this key and the peer's base nonce.
    #[must_use]
    pub fn new(key: SecretKey, nonce: Nonce) -> Self {
        Self(State {
            key,
            nonce,
            stored_counter: 0,
        })
    }

    /// Opens what the peer sealed, whatever its counter is and in any order. Peers repeat
    /// counters, so a counter seen before does not mean a text sent before: tell repeated
    /// messages by their ids.
    ///
    /// # Errors
    ///
    /// [`CryptoError::WrongCounter`] when the cipher has no counter, [`CryptoError::Decrypt`]
    /// when it was not made on this channel.
    pub fn open(&self, cipher: &Cipher) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let CipherNonce::Counter(counter) = cipher.nonce() else {
            return Err(CryptoError::WrongCounter);
        };
        let nonce = aead::counter_nonce(&self.0.nonce, *counter);
        aead::decrypt(&self.0.key, &nonce, cipher.ciphertext())
    }

    pub(super) fn read(object: &Object) -> Result<Self, CryptoError> {
        State::read(object, StateType::Receive).map(Self)
    }

    pub(super) fn written(&self) -> Written {
        self.0
            .written(StateType::Receive, "CryptoPrivateStateReceive")
    }
}

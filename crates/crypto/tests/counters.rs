//! No pair of key and nonce is ever used twice, whatever crashes when.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::vec, prelude::*, sample::select};
use tessera_core_types::{DeviceId, SystemRandomness, TemplateKeyId};
use tessera_crypto::{
    CryptoError, aead,
    channel::{
        ChannelId, CounterStore, RelationshipSecrets, RequestSecrets, TransmitState, device_part,
        next_counter,
    },
    hash,
    objects::{CipherNonce, ExchangeKeypair, SecretKey, SignatureKeypair, TemplatePublicKey},
};

const LAST_LOW: u32 = (1 << 20) - 1;

fn device(name: &str) -> DeviceId {
    DeviceId::parse(&format!("DVC{name:0>17}")).unwrap()
}

fn channel() -> TransmitState {
    let nonce = std::array::from_fn(|i| u8::try_from(i).unwrap());
    TransmitState::new(SecretKey::generate(&SystemRandomness), nonce)
}

/// What survives a crash of one device, and how the next access to it goes.
#[derive(Default)]
struct Store {
    durable: BTreeMap<ChannelId, u32>,
    next: Access,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Access {
    #[default]
    Works,
    CannotRead,
    /// The disk is full.
    DoesNotSave,
    /// The power goes after the write and before its success is known.
    SavesAndFails,
}

#[derive(Debug, PartialEq)]
enum StoreError {
    Broken,
    Counter(CryptoError),
}

impl From<CryptoError> for StoreError {
    fn from(error: CryptoError) -> Self {
        Self::Counter(error)
    }
}

impl CounterStore for Store {
    type Error = StoreError;

    fn last_counter(&mut self, channel: &ChannelId) -> Result<Option<u32>, StoreError> {
        if self.next == Access::CannotRead {
            return Err(StoreError::Broken);
        }
        Ok(self.durable.get(channel).copied())
    }

    fn save_counter(&mut self, channel: &ChannelId, counter: u32) -> Result<(), StoreError> {
        if self.next != Access::DoesNotSave {
            self.durable.insert(*channel, counter);
        }
        if self.next == Access::Works {
            Ok(())
        } else {
            Err(StoreError::Broken)
        }
    }
}

/// One step in the life of a device.
#[derive(Clone, Copy, Debug)]
enum Step {
    Send,
    /// A counter is reserved, then the program ends before anything is sealed.
    CrashBeforeSeal,
    /// The sealed text may or may not have reached the server.
    CrashAfterSeal,
    StoreFails(Access),
    /// Reserving and sealing lie in a transaction that is rolled back; what was sealed goes too.
    RollBack,
    /// The program starts again, or the secrets come from another device.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let step = select(vec![
        Step::Send,
        Step::CrashBeforeSeal,
        Step::CrashAfterSeal,
        Step::StoreFails(Access::CannotRead),
        Step::StoreFails(Access::DoesNotSave),
        Step::StoreFails(Access::SavesAndFails),
        Step::RollBack,
        Step::Restart,
    ]);
    vec((0..3_usize, step), 0..120)
}

/// A Relationship's secrets; the same on all devices of an identity.
fn secrets() -> RelationshipSecrets {
    let template = ExchangeKeypair::generate(&SystemRandomness);
    let key = TemplatePublicKey {
        id: TemplateKeyId::generate(&SystemRandomness),
        key: *template.public(),
    };
    let identity = SignatureKeypair::generate(&SystemRandomness);
    let request = RequestSecrets::new(key, *identity.public(), &SystemRandomness).unwrap();
    RelationshipSecrets::templator(&template, &request.public_request(), &SystemRandomness).unwrap()
}

proptest! {
    #[test]
    fn a_nonce_is_used_once_whatever_crashes(steps in steps()) {
        let devices = ["one", "two", "three"].map(device);
        let mut stores = [Store::default(), Store::default(), Store::default()];
        let mut secrets = secrets();
        let stored = secrets.to_stored_json();
        let base = secrets.public_response().state.nonce;
        let mut left_the_process = BTreeSet::new();
        for (which, step) in steps {
            let (device, store) = (&devices[which], &mut stores[which]);
            let transmit = secrets.transmit();
            let mut seal = |store: &mut Store, leaves: bool| {
                let counter = transmit.reserve(device, store)?;
                let value = counter.value();
                let cipher = transmit.seal(counter, b"text")?;
                assert_eq!(cipher.nonce(), &CipherNonce::Counter(value));
                assert_ne!(value >> 20, 0, "the part of the published packages");
                if leaves {
                    let nonce = aead::counter_nonce(&base, value);
                    assert!(left_the_process.insert(nonce), "counter {value} twice");
                }
                Ok::<(), StoreError>(())
            };
            match step {
                Step::Send | Step::CrashAfterSeal => seal(store, true).unwrap(),
                Step::CrashBeforeSeal => drop(transmit.reserve(device, store).unwrap()),
                Step::StoreFails(access) => {
                    store.next = access;
                    prop_assert_eq!(seal(store, true), Err(StoreError::Broken));
                    store.next = Access::Works;
                }
                Step::RollBack => {
                    let before = store.durable.clone();
                    seal(store, false).unwrap();
                    store.durable = before;
                }
                Step::Restart => secrets = RelationshipSecrets::from_stored_json(&stored).unwrap(),
            }
        }
    }

    #[test]
    fn counters_of_a_device_only_grow_and_stay_in_its_part(
        name in "[A-Za-z0-9]{17}", low in 0..LAST_LOW,
    ) {
        let device = device(&name);
        let part = u32::from(device_part(&device)) << 20;
        prop_assert!((1..4096).contains(&device_part(&device)));
        let last = (low > 0).then_some(part | low);
        prop_assert_eq!(next_counter(&device, last), Ok(part | (low + 1)));
    }

    #[test]
    fn any_remembered_counter_gives_a_larger_one_or_an_error(last in any::<u32>()) {
        let device = device("one");
        match next_counter(&device, Some(last)) {
            Ok(next) => prop_assert_eq!(next, last + 1),
            Err(error) => prop_assert!(matches!(
                error,
                CryptoError::CounterOfOtherDevice | CryptoError::CounterExhausted
            )),
        }
    }
}

#[test]
fn the_part_of_a_device_is_the_start_of_the_hash_of_its_id() {
    // SHA-256 of DVC00000000000000001 starts with ab61, of DVCabcdefghijklmnopq with 58d2.
    assert_eq!(device_part(&device("1")), 0xab6);
    assert_eq!(device_part(&device("abcdefghijklmnopq")), 0x58d);
    assert_eq!(next_counter(&device("1"), None), Ok(0xab60_0001));
    assert_eq!(
        next_counter(&device("1"), Some(0xab60_0001)),
        Ok(0xab60_0002)
    );
}

#[test]
fn a_device_whose_hash_starts_with_zeros_leaves_part_zero_alone() {
    let unlucky = (0..100_000)
        .map(|number: u32| device(&number.to_string()))
        .find(|device| matches!(hash::sha256(device.as_str().as_bytes()), [0, 0..16, ..]))
        .unwrap();
    assert_eq!(device_part(&unlucky), 1);
    assert_eq!(next_counter(&unlucky, None), Ok((1 << 20) | 1));
}

#[test]
fn a_used_up_part_is_an_error_and_never_starts_over() {
    let (device, channel) = (device("one"), channel());
    let last = (u32::from(device_part(&device)) << 20) | LAST_LOW;
    let mut store = Store::default();
    store.durable.insert(channel.channel_id(), last - 1);
    let counter = channel.reserve(&device, &mut store).unwrap();
    assert_eq!(counter.value(), last);
    for _ in 0..2 {
        let refused = channel.reserve(&device, &mut store).unwrap_err();
        assert_eq!(refused, StoreError::Counter(CryptoError::CounterExhausted));
    }
}

#[test]
fn a_store_of_another_device_is_refused() {
    let channel = channel();
    let mut store = Store::default();
    channel.reserve(&device("one"), &mut store).unwrap();
    let refused = channel.reserve(&device("two"), &mut store).unwrap_err();
    assert_eq!(
        refused,
        StoreError::Counter(CryptoError::CounterOfOtherDevice)
    );
}

#[test]
fn a_counter_serves_only_the_channel_it_was_reserved_for() {
    let (one, device) = (channel(), device("one"));
    let other = TransmitState::new(SecretKey::generate(&SystemRandomness), [9; 24]);
    let counter = one.reserve(&device, &mut Store::default()).unwrap();
    assert_eq!(
        other.seal(counter, b"text"),
        Err(CryptoError::CounterOfOtherChannel)
    );
}

#[test]
fn channels_are_counted_each_on_its_own() {
    let (one, device) = (channel(), device("one"));
    let other = TransmitState::new(SecretKey::generate(&SystemRandomness), [9; 24]);
    assert_ne!(one.channel_id(), other.channel_id());
    assert_eq!(one.channel_id().to_string().len(), 32);
    let mut store = Store::default();
    let first = next_counter(&device, None).unwrap();
    assert_eq!(one.reserve(&device, &mut store).unwrap().value(), first);
    assert_eq!(one.reserve(&device, &mut store).unwrap().value(), first + 1);
    assert_eq!(other.reserve(&device, &mut store).unwrap().value(), first);
}

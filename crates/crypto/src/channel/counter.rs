//! Counters of a channel that are never used twice.
//!
//! All devices of an identity share its channels, and a synchronised store cannot hand out
//! numbers. So each device has a part of the 32-bit range to itself: the high 12 bits come from
//! its id, the low 20 bits count from 1. The part 0, where the published packages stay, is never
//! used.

use std::fmt;

use tessera_core_types::DeviceId;

use crate::{CryptoError, Nonce, encoding, hash};

const LOW_BITS: u32 = 20;
const LOW_MASK: u32 = (1 << LOW_BITS) - 1;

/// By which a [`CounterStore`] keeps channels apart: the channel's base nonce, which is drawn at
/// random for each and is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelId(Nonce);

impl ChannelId {
    pub(super) fn of(nonce: Nonce) -> Self {
        Self(nonce)
    }
}

impl fmt::Display for ChannelId {
    /// 32 characters out of `A-Z a-z 0-9 - _`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encoding::to_b64u(&self.0))
    }
}

/// Remembers the last counter this device used on each channel. It belongs to one device and is
/// not synchronised.
///
/// # What an implementation must hold
///
/// * What `save_counter` took is durable before anything sealed with it can leave the process:
///   committed before it returns, or in the same transaction as the record of what is to be
///   sent. A rolled-back transaction then takes the sealed text with it.
/// * Nobody else changes the counter of the channel between a `last_counter` and the
///   `save_counter` that follows: both lie in one transaction, or under one lock.
/// * A copy of the store (a restored backup) is a danger: it must not be used to send under the
///   id of the same device.
pub trait CounterStore {
    /// What goes wrong with the store, or with the counter.
    type Error: From<CryptoError>;

    /// The last counter saved for this channel.
    ///
    /// # Errors
    ///
    /// When the store cannot be read. Then nothing is sent.
    fn last_counter(&mut self, channel: &ChannelId) -> Result<Option<u32>, Self::Error>;

    /// Saves the counter that is about to be used.
    ///
    /// # Errors
    ///
    /// When it could not be saved. Then nothing is sent.
    fn save_counter(&mut self, channel: &ChannelId, counter: u32) -> Result<(), Self::Error>;
}

/// The right to seal one text on one channel. It cannot be copied, and sealing takes it.
#[derive(Debug)]
pub struct Counter {
    channel: ChannelId,
    value: u32,
}

impl Counter {
    /// The number, as it travels in `cnt`. Never 0.
    #[must_use]
    pub fn value(&self) -> u32 {
        self.value
    }

    /// The number, if it was reserved for `channel`.
    pub(super) fn redeem(self, channel: ChannelId) -> Result<u32, CryptoError> {
        if self.channel == channel {
            Ok(self.value)
        } else {
            Err(CryptoError::CounterOfOtherChannel)
        }
    }
}

pub(super) fn reserve<S: CounterStore>(
    channel: ChannelId,
    device: &DeviceId,
    store: &mut S,
) -> Result<Counter, S::Error> {
    let value = next_counter(device, store.last_counter(&channel)?)?;
    store.save_counter(&channel, value)?;
    Ok(Counter { channel, value })
}

/// The counter this device uses on a channel after `last`, or its first one.
///
/// # Errors
///
/// [`CryptoError::CounterExhausted`] after 1048575 of them; the range never starts over.
/// [`CryptoError::CounterOfOtherDevice`] when `last` is not one of this device's counters: what
/// it used itself is then unknown.
pub fn next_counter(device: &DeviceId, last: Option<u32>) -> Result<u32, CryptoError> {
    let part = u32::from(device_part(device)) << LOW_BITS;
    let low = match last {
        None => 0,
        Some(last) if last & !LOW_MASK == part => last & LOW_MASK,
        Some(_) => return Err(CryptoError::CounterOfOtherDevice),
    };
    if low == LOW_MASK {
        return Err(CryptoError::CounterExhausted);
    }
    Ok(part | (low + 1))
}

/// The part of the counters that belongs to a device, 1 to 4095: the first 12 bits of the SHA-256
/// hash of its id, or 1 if those are 0.
///
/// Two devices of one identity can have the same part (about one chance in 4096 for a
/// given pair); such a pair must not send over the same Relationship.
#[must_use]
pub fn device_part(device: &DeviceId) -> u16 {
    let [first, second, ..] = hash::sha256(device.as_str().as_bytes());
    (u16::from_be_bytes([first, second]) >> 4).max(1)
}

//! The counters of channels, none of which is ever used twice.

use rusqlite::{Transaction, named_params};
use tessera_core_types::DeviceId;
use tessera_crypto::channel::{ChannelId, Counter, CounterStore, TransmitState};

use super::{
    Store, StoreError,
    query::{change, first},
};

const LAST: &str = "SELECT counter FROM transmit_counter WHERE channel = ?1";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[LAST];

/// The counters as they are within a transaction that writes.
///
/// What is sealed with a counter may leave the program only when the transaction is committed:
/// either it is stored in that same transaction (for the outbox), or [`Store::reserve_counter`]
/// is used, which commits first.
pub struct TransmitCounters<'t>(pub &'t Transaction<'t>);

impl CounterStore for TransmitCounters<'_> {
    type Error = StoreError;

    fn last_counter(&mut self, channel: &ChannelId) -> Result<Option<u32>, StoreError> {
        first(self.0, LAST, [channel.to_string()], |row| row.get(0))
    }

    fn save_counter(&mut self, channel: &ChannelId, counter: u32) -> Result<(), StoreError> {
        // A trigger refuses to go back.
        change(
            self.0,
            "INSERT INTO transmit_counter (channel, counter) VALUES (:channel, :counter)
                ON CONFLICT (channel) DO UPDATE SET counter = excluded.counter",
            named_params! { ":channel": channel.to_string(), ":counter": counter },
        )?;
        Ok(())
    }
}

impl Store {
    /// Takes the next counter of a channel. It is on the disk when this returns: whatever happens
    /// then, it is not given out again.
    ///
    /// # Errors
    ///
    /// When the database fails, and [`StoreError::Counter`] when the counters are used up.
    pub async fn reserve_counter(
        &self,
        channel: &TransmitState,
        device: &DeviceId,
    ) -> Result<Counter, StoreError> {
        let (channel, device) = (channel.clone(), device.clone());
        self.write(move |transaction| channel.reserve(&device, &mut TransmitCounters(transaction)))
            .await
    }
}

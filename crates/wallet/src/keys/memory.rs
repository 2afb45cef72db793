//! A keyring that forgets.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use super::{KeyError, Keyring, SecretBytes};

/// A keyring in memory, for tests: it forgets everything when dropped, and can be told to fail.
#[derive(Default)]
pub struct MemoryKeyring {
    entries: Mutex<BTreeMap<String, SecretBytes>>,
    failure: Mutex<Option<KeyError>>,
}

impl MemoryKeyring {
    /// From now on every call fails like this; `None`: works again.
    pub fn fail_with(&self, failure: Option<KeyError>) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// How many secrets it keeps.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether it keeps nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, SecretBytes>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keyring for MemoryKeyring {
    fn state(&self) -> Result<(), KeyError> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.clone().map_or(Ok(()), Err)
    }

    fn get(&self, name: &str) -> Result<Option<SecretBytes>, KeyError> {
        self.state()?;
        Ok(self.lock().get(name).cloned())
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyError> {
        self.state()?;
        let secret = SecretBytes::new(secret.to_vec());
        self.lock().insert(name.to_owned(), secret);
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), KeyError> {
        self.state()?;
        self.lock().remove(name);
        Ok(())
    }
}

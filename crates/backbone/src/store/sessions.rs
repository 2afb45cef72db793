//! Access tokens. They live in memory: they last for minutes, and after a restart every client
//! gets a new one by itself.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use tessera_backbone_api::SecretText;
use tessera_core_types::{Address, CoreDate, Randomness};
use zeroize::Zeroizing;

use crate::http::caller::Caller;

/// The valid access tokens, by their hash: who reads the memory cannot use them, and a look-up
/// tells nothing by its duration.
#[derive(Default)]
pub struct Sessions {
    by_hash: Mutex<HashMap<[u8; 32], Session>>,
}

struct Session {
    caller: Caller,
    expires_at: CoreDate,
}

impl Sessions {
    /// A new access token of 256 random bits.
    pub fn start(
        &self,
        caller: Caller,
        now: CoreDate,
        seconds: i64,
        randomness: &dyn Randomness,
    ) -> SecretText {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        randomness.fill(&mut *bytes);
        let token = BASE64_URL_SAFE_NO_PAD.encode(*bytes);
        let session = Session {
            caller,
            expires_at: now.plus(chrono::TimeDelta::seconds(seconds)),
        };
        let mut sessions = self.locked();
        sessions.retain(|_, session| session.expires_at > now);
        sessions.insert(hash(&token), session);
        SecretText::from(token)
    }

    /// Whose token that is.
    pub fn caller(&self, token: &str, now: CoreDate) -> Option<Caller> {
        let sessions = self.locked();
        let session = sessions.get(&hash(token))?;
        (session.expires_at > now).then(|| session.caller.clone())
    }

    /// Ends all sessions of an identity.
    pub fn end_all_of(&self, address: &Address) {
        self.locked()
            .retain(|_, session| session.caller.address != *address);
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<[u8; 32], Session>> {
        self.by_hash.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

//! Passwords of devices: what they must be like, and how they are kept.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use tessera_backbone_api::SecretText;
use tessera_core_types::Randomness;
use tokio::sync::oneshot;

use crate::{
    BackboneError,
    http::error::ApiError,
    settings::{PasswordHashCost, PasswordRule},
};

/// How many passwords are worked on at once.
const THREADS: usize = 2;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// What a thread works in. It stays with the thread: allocators do not take back blocks of this
/// size and alignment well, and a server that made a new one for each login would grow and grow.
type Memory = Vec<Block>;
type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Hashes and checks passwords, on threads of its own beside those that serve calls.
pub struct PasswordHasher {
    params: Params,
    /// The hash of no password, for names that do not exist: they take as long as others.
    nobody: String,
    jobs: mpsc::Sender<Job>,
    randomness: Arc<dyn Randomness>,
}

impl PasswordHasher {
    /// Prepares it.
    pub fn new(
        cost: PasswordHashCost,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, BackboneError> {
        let wrong = BackboneError::Setting("this cost of password hashing is not possible");
        let params = Params::new(cost.memory, cost.passes, 1, Some(HASH_BYTES));
        let Ok(params) = params else {
            return Err(wrong);
        };
        let mut salt = [0_u8; SALT_BYTES];
        randomness.fill(&mut salt);
        let Ok(nobody) = with_params(params.clone(), &salt) else {
            return Err(wrong);
        };
        Ok(Self {
            params,
            nobody: nobody.to_string(),
            jobs: start_threads(),
            randomness,
        })
    }

    /// The text under which a password is kept (a PHC string with its own salt and cost).
    pub async fn hash(&self, password: SecretText) -> Result<String, ApiError> {
        let params = self.params.clone();
        let mut salt = [0_u8; SALT_BYTES];
        self.randomness.fill(&mut salt);
        self.work(move |memory| {
            let mut hash = with_params(params, &salt)?;
            hash.hash = Some(output(&password, &hash, memory)?);
            Ok(hash.to_string())
        })
        .await?
    }

    /// Whether that is the password of the hash; without one, no.
    pub async fn verify(
        &self,
        password: SecretText,
        hash: Option<String>,
    ) -> Result<bool, ApiError> {
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        self.work(move |memory| {
            let kept = PasswordHash::new(&hash).map_err(ApiError::unexpected)?;
            let found = output(&password, &kept, memory)?;
            // In a time that does not depend on where they differ.
            Ok(Some(found) == kept.hash && is_known)
        })
        .await?
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let (done, outcome) = oneshot::channel();
        let job = Box::new(move |memory: &mut Memory| {
            // Whoever waited may be gone.
            let _ = done.send(work(memory));
        });
        self.jobs.send(job).map_err(ApiError::unexpected)?;
        outcome.await.map_err(ApiError::unexpected)
    }
}

/// Starts the threads; they end when nobody can give them work any more.
fn start_threads() -> mpsc::Sender<Job> {
    let (sender, jobs) = mpsc::channel::<Job>();
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..THREADS {
        let jobs = Arc::clone(&jobs);
        thread::spawn(move || {
            let mut memory = Memory::new();
            loop {
                let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(job) = next else { return };
                job(&mut memory);
            }
        });
    }
    sender
}

/// A hash without its output: how it is to be made.
fn with_params(params: Params, salt: &[u8]) -> Result<PasswordHash, ApiError> {
    Ok(PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(ApiError::unexpected)?,
        salt: Some(Salt::new(salt).map_err(ApiError::unexpected)?),
        hash: None,
    })
}

/// The output for a password, made as `hash` says.
fn output(
    password: &SecretText,
    hash: &PasswordHash,
    memory: &mut Memory,
) -> Result<Output, ApiError> {
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).map_err(ApiError::unexpected)?;
    let params = Params::try_from(hash).map_err(ApiError::unexpected)?;
    let salt = hash.salt.as_ref().map_or(&[][..], AsRef::as_ref);
    memory.resize(params.block_count(), Block::default());
    let argon2 = Argon2::new(algorithm, Version::V0x13, params);
    let mut out = [0_u8; HASH_BYTES];
    argon2
        .hash_password_into_with_memory(
            password.expose().as_bytes(),
            salt,
            &mut out,
            &mut memory[..],
        )
        .map_err(ApiError::unexpected)?;
    Output::new(&out).map_err(ApiError::unexpected)
}

/// What a password lacks; `None` when it is good.
pub fn objection(password: &str, rule: PasswordRule) -> Option<&'static str> {
    if rule == PasswordRule::NotEmpty {
        return password
            .is_empty()
            .then_some("Passwords must be at least 1 characters.");
    }
    let has = |test: fn(&char) -> bool| password.chars().any(|c| test(&c));
    if password.chars().count() < 10 {
        Some("Passwords must be at least 10 characters.")
    } else if !has(|c| !c.is_ascii_alphanumeric()) {
        Some("Passwords must have at least one non alphanumeric character.")
    } else if !has(char::is_ascii_digit) {
        Some("Passwords must have at least one digit ('0'-'9').")
    } else if !has(char::is_ascii_lowercase) {
        Some("Passwords must have at least one lowercase ('a'-'z').")
    } else if !has(char::is_ascii_uppercase) {
        Some("Passwords must have at least one uppercase ('A'-'Z').")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use argon2::PasswordVerifier as _;
    use tessera_core_types::SystemRandomness;

    use super::*;

    #[tokio::test]
    async fn a_hash_is_what_others_make_of_that_password() {
        let hasher = PasswordHasher::new(PasswordHashCost::LOWEST, Arc::new(SystemRandomness));
        let hasher = hasher.unwrap();
        let hash = hasher.hash("Correct-horse-1".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        let other = Argon2::default();
        let parsed = PasswordHash::new(&hash).unwrap();
        assert!(other.verify_password(b"Correct-horse-1", &parsed).is_ok());
        assert!(other.verify_password(b"Correct-horse-2", &parsed).is_err());
    }

    #[tokio::test]
    async fn a_password_is_checked_at_the_cost_of_its_own_hash() {
        let new = |memory, passes| {
            let cost = PasswordHashCost { memory, passes };
            PasswordHasher::new(cost, Arc::new(SystemRandomness)).unwrap()
        };
        let (one, other) = (new(16, 2), new(8, 1));
        let hash = one.hash("Correct-horse-1".into()).await.unwrap();
        for hasher in [&one, &other, &one] {
            let hash = Some(hash.clone());
            assert!(
                hasher
                    .verify("Correct-horse-1".into(), hash.clone())
                    .await
                    .unwrap()
            );
            assert!(!hasher.verify("Correct-horse-2".into(), hash).await.unwrap());
            assert!(!hasher.verify("Correct-horse-1".into(), None).await.unwrap());
        }
    }

    #[test]
    fn strong_passwords_have_all_kinds_of_characters() {
        let rule = PasswordRule::Strong;
        assert_eq!(objection("Abcdefgh1!", rule), None);
        for weak in [
            "",
            "Abcdefg1!",
            "Abcdefghi1",
            "Abcdefghi!",
            "ABCDEFGH1!",
            "abcdefgh1!",
        ] {
            assert!(objection(weak, rule).is_some(), "{weak}");
        }
        assert_eq!(objection("a", PasswordRule::NotEmpty), None);
        assert!(objection("", PasswordRule::NotEmpty).is_some());
    }
}

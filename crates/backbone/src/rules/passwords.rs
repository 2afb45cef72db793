//! Passwords of devices: what they must be like, and how they are kept.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use tessera_backbone_api::SecretText;
use tessera_core_types::Randomness;
use tokio::sync::Semaphore;

use crate::{
    BackboneError,
    http::error::ApiError,
    settings::{PasswordHashCost, PasswordRule},
};

/// How many passwords are worked on at once: each takes memory and a core.
const AT_ONCE: usize = 2;
const SALT_BYTES: usize = 16;

/// Hashes and checks passwords, beside the threads that serve calls.
pub struct PasswordHasher {
    argon2: Argon2<'static>,
    /// The hash of no password, for names that do not exist: they take as long as others.
    nobody: String,
    turns: Arc<Semaphore>,
    randomness: Arc<dyn Randomness>,
}

impl PasswordHasher {
    /// Prepares it.
    pub fn new(
        cost: PasswordHashCost,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, BackboneError> {
        let wrong = BackboneError::Setting("this cost of password hashing is not possible");
        let Ok(params) = Params::new(cost.memory, cost.passes, 1, None) else {
            return Err(wrong);
        };
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut salt = [0_u8; SALT_BYTES];
        randomness.fill(&mut salt);
        let Ok(nobody) = argon2.hash_password_with_salt(b"nobody", &salt) else {
            return Err(wrong);
        };
        Ok(Self {
            nobody: nobody.to_string(),
            argon2,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            randomness,
        })
    }

    /// The text under which a password is kept (a PHC string with its own salt and cost).
    pub async fn hash(&self, password: SecretText) -> Result<String, ApiError> {
        let argon2 = self.argon2.clone();
        let mut salt = [0_u8; SALT_BYTES];
        self.randomness.fill(&mut salt);
        self.work(move || {
            argon2
                .hash_password_with_salt(password.expose().as_bytes(), &salt)
                .map(|hash: PasswordHash| hash.to_string())
                .map_err(ApiError::unexpected)
        })
        .await?
    }

    /// Whether that is the password of the hash; without one, no.
    pub async fn verify(
        &self,
        password: SecretText,
        hash: Option<String>,
    ) -> Result<bool, ApiError> {
        let argon2 = self.argon2.clone();
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        self.work(move || {
            let parsed = PasswordHash::new(&hash).map_err(ApiError::unexpected)?;
            let is_right = argon2.verify_password(password.expose().as_bytes(), &parsed);
            Ok(is_right.is_ok() && is_known)
        })
        .await?
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(ApiError::unexpected)?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(ApiError::unexpected)
    }
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
    use super::*;

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

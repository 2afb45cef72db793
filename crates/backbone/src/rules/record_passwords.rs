//! Passwords of templates and tokens.
//!
//! What arrives here is not what a person typed: wallets send the result of Argon2id over it, with
//! a salt that stands in the reference and never reaches the server. So a salted SHA-256 is enough
//! to keep the file's reader from using what is stored, and another slow hash would add nothing.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tessera_backbone_api::PasswordBytes;
use tessera_core_types::Randomness;

const SALT_BYTES: usize = 16;

/// What is stored: the salt and the hash of salt and password.
pub fn seal(password: &PasswordBytes, randomness: &dyn Randomness) -> Vec<u8> {
    let mut sealed = vec![0_u8; SALT_BYTES];
    randomness.fill(&mut sealed);
    let hash = hash(&sealed, password);
    sealed.extend_from_slice(&hash);
    sealed
}

/// Whether a record with this stored password (or none) opens with that one (or none).
pub fn opens(sealed: Option<&[u8]>, password: Option<&PasswordBytes>) -> bool {
    match (sealed, password) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(sealed), Some(password)) => {
            let (salt, stored) = sealed.split_at(SALT_BYTES.min(sealed.len()));
            hash(salt, password).ct_eq(stored).into()
        }
    }
}

fn hash(salt: &[u8], password: &PasswordBytes) -> [u8; 32] {
    let hash = Sha256::new_with_prefix(salt).chain_update(password.expose());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use tessera_core_types::SystemRandomness;

    use super::*;

    #[test]
    fn a_record_opens_with_its_password_only() {
        let password = PasswordBytes::new(b"right".to_vec());
        let sealed = seal(&password, &SystemRandomness);
        assert!(opens(Some(&sealed), Some(&password)));
        assert!(!opens(
            Some(&sealed),
            Some(&PasswordBytes::new(b"wrong".to_vec()))
        ));
        assert!(!opens(Some(&sealed), None));
        assert!(opens(None, None));
        assert!(opens(None, Some(&password)));
        assert!(!sealed.windows(5).any(|window| window == b"right"));
    }
}

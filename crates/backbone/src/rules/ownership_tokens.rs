//! The tokens with which a file is handed over. They are long and random, so a plain hash of them
//! is enough to store.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tessera_backbone_api::{SecretText, files::OWNERSHIP_TOKEN_ALPHABET, limits};
use tessera_core_types::Randomness;
use zeroize::Zeroizing;

/// Makes one, each character equally likely.
pub fn generate(randomness: &dyn Randomness) -> SecretText {
    let count = OWNERSHIP_TOKEN_ALPHABET.len();
    let mut text = String::with_capacity(limits::OWNERSHIP_TOKEN_CHARS);
    let mut bytes = Zeroizing::new([0_u8; 32]);
    while text.len() < limits::OWNERSHIP_TOKEN_CHARS {
        randomness.fill(&mut *bytes);
        // Larger bytes would make the first characters more likely.
        let usable = bytes.iter().map(|byte| usize::from(*byte));
        let usable = usable.filter(|byte| *byte < 256 / count * count);
        let missing = limits::OWNERSHIP_TOKEN_CHARS - text.len();
        text.extend(
            usable
                .take(missing)
                .map(|byte| char::from(OWNERSHIP_TOKEN_ALPHABET[byte % count])),
        );
    }
    SecretText::from(text)
}

/// Whether a text can be one.
pub fn is_form(token: &SecretText) -> bool {
    let text = token.expose().as_bytes();
    (1..=limits::OWNERSHIP_TOKEN_CHARS).contains(&text.len())
        && text
            .iter()
            .all(|byte| OWNERSHIP_TOKEN_ALPHABET.contains(byte))
}

/// What is stored of it.
pub fn hash(token: &SecretText) -> [u8; 32] {
    Sha256::digest(token.expose().as_bytes()).into()
}

/// Whether this is the token of which that was stored.
pub fn is_same(token: &SecretText, stored: &[u8]) -> bool {
    hash(token).ct_eq(stored).into()
}

#[cfg(test)]
mod tests {
    use tessera_core_types::SystemRandomness;

    use super::*;

    #[test]
    fn tokens_have_the_form_that_they_are_checked_for_and_differ() {
        let tokens: Vec<_> = (0..50).map(|_| generate(&SystemRandomness)).collect();
        for (index, token) in tokens.iter().enumerate() {
            assert_eq!(token.expose().len(), 20);
            assert!(is_form(token));
            assert!(is_same(token, &hash(token)));
            let others = &tokens[index + 1..];
            assert!(others.iter().all(|other| !is_same(other, &hash(token))));
        }
    }

    #[test]
    fn other_texts_are_no_tokens() {
        for text in ["", "a b", "ä", "aaaaaaaaaaaaaaaaaaaaa", "\"", "'"] {
            assert!(!is_form(&SecretText::from(text)), "{text}");
        }
        assert!(is_form(&SecretText::from("a")));
    }
}

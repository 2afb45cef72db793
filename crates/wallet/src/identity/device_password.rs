//! The password with which a device logs in.

use tessera_core_types::Randomness;
use zeroize::Zeroizing;

use crate::keys::SecretText;

/// A password as enmeshed's devices have: 45 to 50 characters, each kind at least once, none that
/// looks like another.
pub(super) fn draw(randomness: &dyn Randomness) -> SecretText {
    const SPECIAL: &[u8] = b"!?-_.:,;#+";
    const LOWER: &[u8] = b"abcdefghijkmnpqrstuvwxyz";
    const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    const DIGITS: &[u8] = b"123456789";
    let mut draw = Draw {
        randomness,
        buffer: Zeroizing::new([0; 64]),
        used: 64,
    };
    let kinds = [SPECIAL, LOWER, UPPER, DIGITS];
    let every = Zeroizing::new(kinds.concat());
    let length = 45 + draw.below(6);
    let mut password = Zeroizing::new(Vec::with_capacity(length));
    for kind in kinds {
        password.push(kind[draw.below(kind.len())]);
    }
    while password.len() < length {
        password.push(every[draw.below(every.len())]);
    }
    for last in (1..password.len()).rev() {
        password.swap(last, draw.below(last + 1));
    }
    SecretText::from(Zeroizing::new(
        password.iter().copied().map(char::from).collect::<String>(),
    ))
}

/// Numbers without a bias, out of random bytes.
struct Draw<'a> {
    randomness: &'a dyn Randomness,
    buffer: Zeroizing<[u8; 64]>,
    used: usize,
}

impl Draw<'_> {
    /// A number from 0 to `limit` - 1; `limit` is 1 to 256.
    fn below(&mut self, limit: usize) -> usize {
        let usable = 256 - 256 % limit;
        loop {
            if self.used == self.buffer.len() {
                self.randomness.fill(&mut *self.buffer);
                self.used = 0;
            }
            let byte = usize::from(self.buffer[self.used]);
            self.used += 1;
            if byte < usable {
                return byte % limit;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tessera_core_types::SystemRandomness;

    use super::*;

    #[test]
    fn draws_have_every_kind_of_character_and_differ() {
        let passwords: Vec<SecretText> = (0..200).map(|_| draw(&SystemRandomness)).collect();
        for password in &passwords {
            let text = password.expose();
            assert!((45..=50).contains(&text.len()));
            assert!(text.chars().any(|c| c.is_ascii_lowercase()));
            assert!(text.chars().any(|c| c.is_ascii_uppercase()));
            assert!(text.chars().any(|c| c.is_ascii_digit()));
            assert!(text.chars().any(|c| !c.is_ascii_alphanumeric()));
            assert!(!text.contains(['I', 'O', 'l', 'o', '0']));
        }
        assert!(passwords.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

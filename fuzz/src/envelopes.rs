//! What a Backbone hands over: sealed by somebody, opened here.

use tessera_core_types::{Address, Randomness};
use tessera_crypto::{aead, objects::SecretKey};
use tessera_wallet::envelopes::{datawallet, file, template, token};

/// The same nonce each time: nothing here is secret.
struct Nothing;

impl Randomness for Nothing {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// Bytes as an envelope, and as what is inside of one that opens.
pub fn envelope(data: &[u8]) {
    let Ok(key) = SecretKey::from_slice(&[7; 32]) else {
        return;
    };
    open(data, &key);
    let Ok(sealed) = aead::seal(&key, data, &Nothing) else {
        return;
    };
    open(sealed.to_json(true).as_bytes(), &key);
}

fn open(sealed: &[u8], key: &SecretKey) {
    let sender = Address::of_key(b"sender", "backbone.example");
    assert!(template::open(sealed, key, &sender, "backbone.example").is_err());
    let _ = token::open(sealed, key);
    let _ = datawallet::open(key, 0, sealed);
    if let Ok(metadata) = file::open_metadata(sealed, key) {
        assert!(file::open_content(sealed, b"", &metadata).is_err());
    }
}

//! Key files that somebody changed.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::{fs, path::Path};

use proptest::prelude::*;
use tempfile::TempDir;
use tessera_core_types::SystemRandomness;
use tessera_wallet::keys::{
    self, DatabaseKey, KEY_FILE, KeyError, PasswordCost, SecretText, Unlock,
};

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn password() -> SecretText {
    "correct horse".into()
}

fn create(folder: &Path, unlock: &Unlock) -> Result<DatabaseKey, KeyError> {
    keys::create(folder, unlock, PasswordCost::MINIMAL, &SystemRandomness)
}

/// Compares without printing a key when it fails.
fn error<T>(result: Result<T, KeyError>) -> Option<KeyError> {
    result.err()
}

#[test]
fn hostile_key_files_are_refused_before_they_cost_anything() {
    let folder = folder();
    let unlock = Unlock::Passphrase(password());
    create(folder.path(), &unlock).ok().unwrap();
    let path = folder.path().join(KEY_FILE);
    let good: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let with = |name: &str, value: serde_json::Value| {
        let mut json = good.clone();
        json[name] = value;
        json.to_string()
    };
    let cost = |memory: u64, passes: u64| {
        with(
            "cost",
            serde_json::json!({"memory": memory, "passes": passes}),
        )
    };
    let newer = with("version", 2.into());
    let damaged = [
        String::new(),
        "{}".to_owned(),
        "null".to_owned(),
        "{\"version\":1}".to_owned(),
        "[".repeat(10_000),
        "x".repeat(20_000),
        format!("{}{}", good, " ".repeat(20_000)),
        cost(4 * 1024 * 1024, 1),
        cost(8, 1_000_000_000),
        cost(u64::MAX, 1),
        cost(0, 0),
        with("version", 0.into()),
        with("salt", "AAAA".into()),
        with("salt", serde_json::Value::Null),
        with("salt", "no base64!".into()),
        with("wrappedKey", "AAAA".into()),
        with("wrappedKey", serde_json::Value::Null),
        with("protection", "none".into()),
        with("protection", "keyring".into()),
        with("name", "../../etc/passwd".into()),
        with("name", "".into()),
        with("name", "a".repeat(65).into()),
        with("unknown", 1.into()),
    ];
    for text in damaged {
        fs::write(&path, &text).unwrap();
        let shown = &text[..text.len().min(120)];
        assert_eq!(
            error(keys::open(folder.path(), &unlock)),
            Some(KeyError::KeyFileDamaged),
            "{shown}"
        );
        assert_eq!(
            error(create(folder.path(), &unlock)),
            Some(KeyError::KeyFileDamaged),
            "a damaged file is no reason for a new key: {shown}"
        );
    }
    fs::write(&path, newer).unwrap();
    assert_eq!(
        error(keys::open(folder.path(), &unlock)),
        Some(KeyError::KeyFileNewer)
    );
    fs::write(&path, with("name", "AAAAAAAAAAAAAAAAAAAA".into())).unwrap();
    assert_eq!(
        error(keys::open(folder.path(), &unlock)),
        Some(KeyError::WrongPassword),
        "a wrapped key belongs to its name"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_byte_of_a_key_file_can_be_changed_to_open_with_another_key(
        position in 0_usize..400, replacement in any::<u8>()
    ) {
        let folder = folder();
        let unlock = Unlock::Passphrase(password());
        let key = create(folder.path(), &unlock).ok().unwrap();
        let path = folder.path().join(KEY_FILE);
        let mut text = fs::read(&path).unwrap();
        let position = position % text.len();
        text[position] = replacement;
        fs::write(&path, text).unwrap();
        if let Ok(found) = keys::open(folder.path(), &unlock) {
            prop_assert!(found == key);
        }
    }
}

//! How the key of a wallet is kept and found again.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::{fs, path::Path, sync::Arc};

use tempfile::TempDir;
use tessera_core_types::SystemRandomness;
use tessera_wallet::keys::{
    self, DatabaseKey, KEY_FILE, KeyError, KeyProtection, Keyring, MemoryKeyring, PasswordCost,
    SecretText, Unlock,
};

const PASSWORD: &str = "correct horse";

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn password() -> SecretText {
    PASSWORD.into()
}

fn create(folder: &Path, unlock: &Unlock) -> Result<DatabaseKey, KeyError> {
    keys::create(folder, unlock, PasswordCost::MINIMAL, &SystemRandomness)
}

/// Every way to keep a key, with a keyring to look into.
fn ways() -> [(KeyProtection, Unlock, Arc<MemoryKeyring>); 3] {
    let keyrings: [Arc<MemoryKeyring>; 3] = Default::default();
    let [first, second, third] = keyrings;
    [
        (
            KeyProtection::Keyring,
            Unlock::Keyring(Arc::<MemoryKeyring>::clone(&first)),
            first,
        ),
        (
            KeyProtection::KeyringAndPassword,
            Unlock::KeyringAndPassword(Arc::<MemoryKeyring>::clone(&second), password()),
            second,
        ),
        (
            KeyProtection::Password,
            Unlock::Passphrase(password()),
            third,
        ),
    ]
}

/// Compares without printing a key when it fails.
fn error<T>(result: Result<T, KeyError>) -> Option<KeyError> {
    result.err()
}

#[test]
fn a_key_is_found_again_in_the_way_it_was_kept() {
    for (protection, unlock, keyring) in ways() {
        let folder = folder();
        assert_eq!(keys::protection(folder.path()), Ok(None));
        let key = create(folder.path(), &unlock).ok().unwrap();
        assert_eq!(keys::protection(folder.path()), Ok(Some(protection)));
        assert!(keys::open(folder.path(), &unlock).ok().unwrap() == key);
        let in_keyring = protection != KeyProtection::Password;
        assert_eq!(keyring.len(), usize::from(in_keyring), "{protection:?}");
    }
}

#[test]
fn a_second_key_is_never_made_over_the_first() {
    for (_, unlock, _) in ways() {
        let folder = folder();
        let key = create(folder.path(), &unlock).ok().unwrap();
        assert_eq!(
            error(create(folder.path(), &unlock)),
            Some(KeyError::KeyFileExists)
        );
        assert!(keys::open(folder.path(), &unlock).ok().unwrap() == key);
    }
}

#[test]
fn the_key_file_and_the_keyring_never_hold_the_key_in_the_clear_together_with_a_password() {
    for (protection, unlock, keyring) in ways() {
        let folder = folder();
        let key = create(folder.path(), &unlock).ok().unwrap();
        let file = fs::read(folder.path().join(KEY_FILE)).unwrap();
        let contains = |haystack: &[u8]| {
            let key = key.as_bytes();
            haystack.windows(key.len()).any(|window| window == key)
        };
        assert!(!contains(&file));
        let json: serde_json::Value = serde_json::from_slice(&file).unwrap();
        let name = json["name"].as_str().unwrap();
        if protection == KeyProtection::KeyringAndPassword {
            assert!(!contains(&keyring.get(name).unwrap().unwrap()));
            assert_eq!(json.get("wrappedKey"), None, "needs the keyring as well");
        }
    }
}

#[test]
fn no_key_is_made_for_a_database_that_has_lost_its_own() {
    for (_, unlock, keyring) in ways() {
        let folder = folder();
        fs::write(folder.path().join("wallet.db"), "somebody's data").unwrap();
        let result = create(folder.path(), &unlock);
        assert_eq!(error(result), Some(KeyError::KeyFileMissing));
        assert_eq!(keys::protection(folder.path()), Ok(None));
        assert!(keyring.is_empty());
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_key_file() {
    use std::os::unix::fs::PermissionsExt;
    let parent = folder();
    let folder = parent.path().join("wallet");
    create(&folder, &Unlock::Passphrase(password()))
        .ok()
        .unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join(KEY_FILE)), 0o600);
}

#[test]
fn a_wrong_password_opens_nothing() {
    for (protection, unlock, _) in ways() {
        let folder = folder();
        create(folder.path(), &unlock).ok().unwrap();
        let wrong = match unlock {
            Unlock::Keyring(_) => continue,
            Unlock::Passphrase(_) => Unlock::Passphrase("correct Horse".into()),
            Unlock::KeyringAndPassword(keyring, _) => {
                Unlock::KeyringAndPassword(keyring, "correct Horse".into())
            }
        };
        let result = keys::open(folder.path(), &wrong);
        assert_eq!(
            error(result),
            Some(KeyError::WrongPassword),
            "{protection:?}"
        );
    }
}

#[test]
fn what_is_missing_to_open_a_wallet_is_said() {
    let [
        (_, keyring_only, keyring),
        (_, both, other),
        (_, password_only, _),
    ] = ways();
    let with_password = Unlock::Passphrase(password());
    let first = folder();
    create(first.path(), &keyring_only).ok().unwrap();
    assert_eq!(
        error(keys::open(first.path(), &with_password)),
        Some(KeyError::KeyringNeeded)
    );
    let second = folder();
    create(second.path(), &both).ok().unwrap();
    assert_eq!(
        error(keys::open(second.path(), &with_password)),
        Some(KeyError::KeyringNeeded)
    );
    assert_eq!(
        error(keys::open(second.path(), &Unlock::Keyring(other))),
        Some(KeyError::PasswordNeeded)
    );
    let third = folder();
    create(third.path(), &password_only).ok().unwrap();
    assert_eq!(
        error(keys::open(third.path(), &Unlock::Keyring(keyring))),
        Some(KeyError::PasswordNeeded)
    );
    assert_eq!(
        error(keys::open(folder().path(), &with_password)),
        Some(KeyError::KeyFileMissing)
    );
}

#[test]
fn an_empty_password_is_refused_and_nothing_is_left_behind() {
    let keyring = Arc::new(MemoryKeyring::default());
    for unlock in [
        Unlock::Passphrase("".into()),
        Unlock::KeyringAndPassword(Arc::<MemoryKeyring>::clone(&keyring), "".into()),
    ] {
        let folder = folder();
        assert_eq!(
            error(create(folder.path(), &unlock)),
            Some(KeyError::PasswordEmpty)
        );
        assert_eq!(keys::protection(folder.path()), Ok(None));
    }
    assert!(keyring.is_empty());
}

#[test]
fn a_key_that_the_keyring_lost_is_said_to_be_lost() {
    let [(_, unlock, keyring), ..] = ways();
    let folder = folder();
    create(folder.path(), &unlock).ok().unwrap();
    keyring.clear();
    assert_eq!(
        error(keys::open(folder.path(), &unlock)),
        Some(KeyError::NoEntry)
    );
    assert_eq!(
        error(create(folder.path(), &unlock)),
        Some(KeyError::KeyFileExists),
        "and no other takes its place"
    );
}

#[test]
fn each_failure_of_the_keyring_comes_through_and_leaves_the_folder_as_it_was() {
    for failure in [
        KeyError::Missing,
        KeyError::ServiceMissing,
        KeyError::Locked,
        KeyError::Denied,
        KeyError::Timeout,
        KeyError::Failed,
        KeyError::NotSupported,
    ] {
        let [(_, unlock, keyring), ..] = ways();
        let folder = folder();
        keyring.fail_with(Some(failure.clone()));
        assert_eq!(error(create(folder.path(), &unlock)), Some(failure.clone()));
        assert_eq!(keys::protection(folder.path()), Ok(None));
        keyring.fail_with(None);
        let key = create(folder.path(), &unlock).ok().unwrap();
        keyring.fail_with(Some(failure.clone()));
        assert_eq!(error(keys::open(folder.path(), &unlock)), Some(failure));
        keyring.fail_with(None);
        assert!(keys::open(folder.path(), &unlock).ok().unwrap() == key);
    }
}

#[test]
fn every_failure_has_a_code_of_its_own() {
    let codes = [
        (KeyError::Missing, "error.tessera.keyring.missing"),
        (
            KeyError::ServiceMissing,
            "error.tessera.keyring.serviceMissing",
        ),
        (KeyError::Locked, "error.tessera.keyring.locked"),
        (KeyError::NoEntry, "error.tessera.keyring.noEntry"),
        (KeyError::Denied, "error.tessera.keyring.denied"),
        (KeyError::Timeout, "error.tessera.keyring.timeout"),
        (KeyError::WrongPassword, "error.tessera.keys.wrongPassword"),
    ];
    for (failure, code) in codes {
        assert_eq!(failure.code(), code);
    }
}

/// Says yes and keeps nothing.
struct ForgetfulKeyring;

impl Keyring for ForgetfulKeyring {
    fn state(&self) -> Result<(), KeyError> {
        Ok(())
    }

    fn get(&self, _: &str) -> Result<Option<keys::SecretBytes>, KeyError> {
        Ok(None)
    }

    fn set(&self, _: &str, _: &[u8]) -> Result<(), KeyError> {
        Ok(())
    }

    fn delete(&self, _: &str) -> Result<(), KeyError> {
        Ok(())
    }
}

#[test]
fn a_keyring_that_keeps_nothing_is_noticed_before_it_matters() {
    let folder = folder();
    let unlock = Unlock::Keyring(Arc::new(ForgetfulKeyring));
    assert_eq!(
        error(create(folder.path(), &unlock)),
        Some(KeyError::Failed)
    );
    assert_eq!(keys::protection(folder.path()), Ok(None));
}

#[test]
fn a_password_can_be_set_changed_and_removed() {
    let keyring = Arc::new(MemoryKeyring::default());
    let with = |password: Option<&str>| match password {
        None => Unlock::Keyring(Arc::<MemoryKeyring>::clone(&keyring)),
        Some(password) => {
            Unlock::KeyringAndPassword(Arc::<MemoryKeyring>::clone(&keyring), password.into())
        }
    };
    let folder = folder();
    let key = create(folder.path(), &with(None)).ok().unwrap();
    let mut old = with(None);
    for new in [
        with(Some("first")),
        with(Some("second")),
        Unlock::Passphrase("third".into()),
        with(Some("fourth")),
        with(None),
    ] {
        let cost = PasswordCost::MINIMAL;
        keys::protect_anew(folder.path(), &old, &new, cost, &SystemRandomness).unwrap();
        assert!(keys::open(folder.path(), &new).ok().unwrap() == key);
        assert!(keyring.len() <= 1, "what is no longer needed is forgotten");
        old = new;
    }
    let wrong = keys::protect_anew(
        folder.path(),
        &Unlock::Passphrase("third".into()),
        &with(None),
        PasswordCost::MINIMAL,
        &SystemRandomness,
    );
    assert_eq!(wrong, Err(KeyError::KeyringNeeded));
}

#[test]
fn a_change_that_fails_leaves_the_old_way_working() {
    let keyring = Arc::new(MemoryKeyring::default());
    let folder = folder();
    let old = Unlock::Passphrase(password());
    let key = create(folder.path(), &old).ok().unwrap();
    keyring.fail_with(Some(KeyError::Locked));
    let new = Unlock::Keyring(keyring);
    let cost = PasswordCost::MINIMAL;
    let changed = keys::protect_anew(folder.path(), &old, &new, cost, &SystemRandomness);
    assert_eq!(changed, Err(KeyError::Locked));
    assert!(keys::open(folder.path(), &old).ok().unwrap() == key);
}

#[test]
fn a_wallet_on_a_read_only_or_missing_disk_is_told_so() {
    let folder = folder();
    let path = folder.path().join("file");
    fs::write(&path, "not a folder").unwrap();
    let result = create(&path, &Unlock::Passphrase(password()));
    assert!(matches!(error(result), Some(KeyError::Io(_))));
}

#[test]
fn secrets_do_not_print_themselves() {
    let secret = SecretText::from("hunter2");
    assert_eq!(format!("{secret:?}"), "SecretText");
    assert!(secret == SecretText::from(String::from("hunter2")));
    assert!(secret != SecretText::from("hunter3"));
    assert!(secret != SecretText::from("hunter22"));
}

#[test]
fn the_recommended_cost_is_what_wallets_get() {
    let recommended = PasswordCost::RECOMMENDED;
    assert!(recommended.is_reasonable());
    let folder = folder();
    let unlock = Unlock::Passphrase(password());
    let key = keys::create(folder.path(), &unlock, recommended, &SystemRandomness)
        .ok()
        .unwrap();
    let file = fs::read_to_string(folder.path().join(KEY_FILE)).unwrap();
    assert!(file.contains("65536"), "64 MiB");
    assert!(keys::open(folder.path(), &unlock).ok().unwrap() == key);
}

//! Making a profile: interrupted at every step, and gone on with.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::json;
use tessera_wallet::{
    NewProfile, Wallet, WalletError,
    keys::{KeyError, MemoryKeyring, SecretText, Unlock},
    store::StoreError,
    views::SyncState,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_has_an_address_of_its_backbone_and_can_be_opened_again() {
    let world = World::new().await;
    let (home, wallet) = world.somebody("Ada").await;
    let profile = wallet.profile().await.unwrap();
    assert_eq!(profile.name, "Ada");
    assert_eq!(profile.address.hostname(), "localhost");
    assert!(!profile.has_app_password);
    assert!(Wallet::exists(home.path()).unwrap());

    // One program at a time, one wallet in a folder, the right key only.
    assert_eq!(
        home.open(&world).await.unwrap_err(),
        WalletError::Store(StoreError::InUse)
    );
    let wallet = home.restart(&world, wallet).await;
    assert_eq!(wallet.profile().await.unwrap(), profile);
    wallet.close().await.unwrap();
    let closed = wallet.sync().await.unwrap_err();
    assert_eq!(closed, WalletError::Store(StoreError::Closed));
    drop(wallet);
    let new = NewProfile {
        name: "Eve".to_owned(),
        backbone: world.settings(),
    };
    let again = Wallet::create(home.path(), new, home.unlock(), world.environment())
        .await
        .unwrap_err();
    assert_eq!(again, WalletError::Exists);
    let other = Unlock::Keyring(std::sync::Arc::new(MemoryKeyring::default()));
    let error = Wallet::open(home.path(), other, world.environment())
        .await
        .unwrap_err();
    assert_eq!(error, WalletError::Key(KeyError::NoEntry));
    assert_eq!(
        home.open(&world)
            .await
            .unwrap()
            .profile()
            .await
            .unwrap()
            .address,
        profile.address
    );
    let nowhere = tempfile::tempdir().unwrap();
    let folder = nowhere.path().join("none");
    let error = Wallet::open(&folder, home.unlock(), world.environment())
        .await
        .unwrap_err();
    assert_eq!(error, WalletError::Store(StoreError::NotFound));
    assert!(!folder.exists(), "looking for a wallet makes no folder");
}

#[tokio::test(flavor = "multi_thread")]
async fn making_a_profile_goes_on_where_it_stopped() {
    let world = World::new().await;
    for (method, path) in [
        ("POST", "/api/v2/Challenges"),
        ("POST", "/api/v2/Identities"),
        ("POST", "/connect/token"),
        ("GET", "/api/v2/Datawallet"),
        ("PUT", "/api/v2/SyncRuns/"),
    ] {
        let home = Home::new();
        world.proxy.rule(move |seen| {
            if seen.is(method, path) {
                Action::Refuse
            } else {
                Action::Pass
            }
        });
        let error = home.create(&world, "Ada").await.unwrap_err();
        assert!(error.is_offline(), "{path}: {error:?}");
        world.proxy.online();
        // The run that was begun but not finished ends by itself.
        world.clock.forward(1);
        let wallet = home.create(&world, "Ada").await.unwrap();
        assert_eq!(wallet.sync().await.unwrap().events, 0, "{path}");
        let address = wallet.address().clone();
        let wallet = home.restart(&world, wallet).await;
        assert_eq!(*wallet.address(), address);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_do_not_lock_anybody_out() {
    let world = World::new().await;
    for (method, path) in [
        ("POST", "/api/v2/Identities"),
        ("POST", "/api/v2/SyncRuns"),
        ("PUT", "/api/v2/SyncRuns/"),
    ] {
        let home = Home::new();
        world.proxy.rule(move |seen| {
            if seen.is(method, path) {
                Action::LoseAnswer
            } else {
                Action::Pass
            }
        });
        home.create(&world, "Ada").await.unwrap_err();
        world.proxy.online();
        world.clock.forward(1);
        if path == "/api/v2/Identities" {
            // Nothing to open yet: the name of the device was in the lost answer.
            let error = home.open(&world).await.unwrap_err();
            assert_eq!(error, WalletError::ProfileUnfinished);
        }
        let wallet = home.create(&world, "Ada").await.unwrap();
        wallet.sync().await.unwrap();
        // It can be answered and answers: the keys are the registered ones.
        let template = wallet
            .create_template(template_of(&world, library_card()))
            .await
            .unwrap();
        let (_home, other) = world.somebody("Grace").await;
        load(&other, &template).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_client_and_a_wrong_host_are_told() {
    let world = World::new().await;
    let home = Home::new();
    let mut settings = world.settings();
    settings.client_secret = SecretText::from("wrong");
    let new = NewProfile {
        name: "Ada".to_owned(),
        backbone: settings,
    };
    let error = Wallet::create(home.path(), new, home.unlock(), world.environment())
        .await
        .unwrap_err();
    assert_eq!(
        error.code(),
        "error.transport.general.platformClientInvalid"
    );

    // By its number the computer has another name, and the address would differ.
    let mut settings = world.settings();
    settings.base_url = settings.base_url.replace("localhost", "127.0.0.1");
    let new = NewProfile {
        name: "Ada".to_owned(),
        backbone: settings,
    };
    let error = Wallet::create(home.path(), new, home.unlock(), world.environment())
        .await
        .unwrap_err();
    assert_eq!(error, WalletError::AddressMismatch);

    let wallet = home.create(&world, "Ada").await.unwrap();
    let port = wallet.profile().await.unwrap().backbone_url;
    let error = wallet
        .set_backbone_url("http://elsewhere.example:1")
        .await
        .unwrap_err();
    assert_eq!(error, WalletError::HostChanged);
    let direct = world.backbone.base_url().to_owned();
    wallet.set_backbone_url(&direct).await.unwrap();
    assert_ne!(wallet.profile().await.unwrap().backbone_url, port);
    wallet.sync().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_that_can_reach_nobody_opens_and_says_so() {
    let world = World::new().await;
    let (home, wallet) = world.somebody("Ada").await;
    world.proxy.offline();
    let wallet = home.restart(&world, wallet).await;
    let added = wallet
        .add_attribute(json!({ "@type": "GivenName", "value": " Ada " }), None)
        .await
        .unwrap();
    assert_eq!(added.content.value().to_json()["value"], "Ada");
    assert!(wallet.sync().await.unwrap_err().is_offline());
    let status = wallet.sync_status().await.unwrap();
    assert_eq!(status.state, SyncState::Offline);
    assert_eq!(
        status.error_code.as_deref(),
        Some("error.transport.request.aborted")
    );
    wallet.set_setting("language", json!("de")).await.unwrap();
    assert_eq!(wallet.setting("language").await.unwrap(), Some(json!("de")));
    assert_eq!(wallet.setting("theme").await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn own_attributes_follow_the_rules() {
    let world = World::new().await;
    let (_home, wallet) = world.somebody("Ada").await;
    let mut watcher = wallet.subscribe();
    let name = |name: &str| json!({ "@type": "GivenName", "value": name });
    let ada = wallet.add_attribute(name("Ada"), None).await.unwrap();
    assert!(watcher.try_recv().is_ok());
    assert!(ada.is_default);
    let augusta = wallet.add_attribute(name("Augusta"), None).await.unwrap();
    assert!(!augusta.is_default);
    for (value, tags, code) in [
        (
            name("Ada "),
            None,
            "error.runtime.attributes.cannotCreateDuplicateOwnIdentityAttribute",
        ),
        (
            name("Аda"),
            None,
            "error.consumption.attributes.forbiddenCharactersInAttribute",
        ),
        (
            name("Eve"),
            Some(vec!["nonsense".to_owned()]),
            "error.consumption.attributes.invalidTags",
        ),
        (
            json!({ "@type": "EMailAddress", "value": "nobody" }),
            None,
            "error.tessera.content.malformed",
        ),
    ] {
        let error = wallet.add_attribute(value, tags).await.unwrap_err();
        assert_eq!(error.code(), code);
    }
    let byron = wallet
        .succeed_attribute(&ada.id, name("Ada Byron"), None)
        .await
        .unwrap();
    assert!(byron.is_default);
    for (id, value, code) in [
        (
            &ada.id,
            name("Eve"),
            "error.consumption.attributes.cannotSucceedAttributesWithASuccessor",
        ),
        (
            &byron.id,
            name("Ada Byron "),
            "error.consumption.attributes.successionMustChangeContent",
        ),
        (
            &byron.id,
            json!({ "@type": "Surname", "value": "Byron" }),
            "error.consumption.attributes.successionMustNotChangeValueType",
        ),
    ] {
        let error = wallet.succeed_attribute(id, value, None).await.unwrap_err();
        assert_eq!(error.code(), code);
    }
    wallet.set_default_attribute(&augusta.id).await.unwrap();
    let shown: Vec<_> = wallet
        .attributes()
        .await
        .unwrap()
        .into_iter()
        .map(|view| (view.value["value"].clone(), view.is_default, view.version))
        .collect();
    assert_eq!(
        shown,
        [(json!("Augusta"), true, 1), (json!("Ada Byron"), false, 2)]
    );
    assert_eq!(wallet.attribute_versions(&ada.id).await.unwrap().len(), 2);
}

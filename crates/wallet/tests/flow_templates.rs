//! Opening templates: what is refused, with which reason, and that nothing is left of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::{Value, json};
use tessera_backbone_api::{Bytes, tokens::CreateTokenRequest};
use tessera_content::{PasswordType, Reference, ReferenceId};
use tessera_core_types::{Address, SystemRandomness};
use tessera_crypto::objects::{ExchangeKeypair, SecretKey, SignatureKeypair, TemplatePublicKey};
use tessera_wallet::{
    TemplatePassword, Wallet, WalletError,
    envelopes::{
        template,
        token::{self, ProtectionInToken, TemplateInToken},
    },
    keys::SecretText,
    model::RelationshipTemplate,
    views::{HistoryEvent, LoadOutcome, LocalRequestStatus},
};

const TEMPLATES: &str = "/api/v2/RelationshipTemplates/";

struct Scene {
    world: World,
    _library_home: Home,
    library: Wallet,
    _ada_home: Home,
    ada: Wallet,
}

async fn scene() -> Scene {
    let world = World::new().await;
    let (library_home, library) = world.somebody("City library").await;
    let (ada_home, ada) = world.somebody("Ada").await;
    Scene {
        world,
        _library_home: library_home,
        library,
        _ada_home: ada_home,
        ada,
    }
}

impl Scene {
    async fn template(&self) -> RelationshipTemplate {
        let new = template_of(&self.world, library_card());
        self.library.create_template(new).await.unwrap()
    }

    /// Ada can't open it, for this reason, and nothing is stored.
    async fn refused(&self, reference: &Reference, password: Option<&str>) -> WalletError {
        let before = everything(&self.ada).await;
        let password = password.map(SecretText::from);
        let error = self
            .ada
            .load_template(reference, password)
            .await
            .unwrap_err();
        assert_eq!(everything(&self.ada).await, before);
        error
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_expired_or_is_gone_can_not_be_opened() {
    let scene = scene().await;
    let template = scene.template().await;
    scene.world.clock.forward(60 * 24 + 1);
    let error = scene.refused(&reference(&template), None).await;
    assert_eq!(error, WalletError::Gone);
    assert_eq!(error.code(), "error.runtime.recordNotFound");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_expires_while_it_is_read_can_not_be_answered() {
    let scene = scene().await;
    let template = scene.template().await;
    let request = load(&scene.ada, &template).await;
    let stored = scene.ada.request(&request).await.unwrap();
    assert_eq!(stored.content.expires_at, Some(template.expires_at));
    scene.world.clock.forward(60 * 24 + 1);
    let error = scene.ada.accept(&request, &ada()).await.unwrap_err();
    assert_eq!(error.code(), "error.tessera.requests.expired");
    let expired = scene.ada.request(&request).await.unwrap();
    assert_eq!(expired.status, LocalRequestStatus::Expired);
    let form = scene.ada.form(&request).await.unwrap();
    assert!(!form.is_decidable);
    let history = scene.ada.history().await.unwrap();
    assert_eq!(history[0].event, HistoryEvent::RequestExpired);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_personalised_template_is_for_one_alone() {
    let scene = scene().await;
    let (_home, grace) = scene.world.somebody("Grace").await;
    let mut new = template_of(&scene.world, library_card());
    new.for_identity = Some(grace.address().clone());
    let template = scene.library.create_template(new).await.unwrap();
    let code = reference(&template);

    let view = scene.ada.read_code(&code).await.unwrap();
    assert!(!view.is_for_this_identity);
    let asked = scene.world.proxy.count("GET", TEMPLATES);
    let error = scene.refused(&code, None).await;
    assert_eq!(error.code(), "error.transport.general.notIntendedForYou");
    assert_eq!(scene.world.proxy.count("GET", TEMPLATES), asked);

    // Also when the code does not say so.
    let mut plain = code.clone();
    plain.for_identity_truncated = None;
    assert_eq!(scene.refused(&plain, None).await, WalletError::Gone);
    load(&grace, &template).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_can_be_opened_as_often_as_it_says() {
    let scene = scene().await;
    let mut new = template_of(&scene.world, library_card());
    new.max_number_of_allocations = Some(1);
    let template = scene.library.create_template(new).await.unwrap();
    let (_home, grace) = scene.world.somebody("Grace").await;
    load(&grace, &template).await;
    let error = scene.refused(&reference(&template), None).await;
    assert_eq!(error, WalletError::AllocationsExhausted);
    // The library hears of it.
    assert_eq!(scene.library.sync().await.unwrap().events, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_are_for_something_else_are_told_by_what_they_are() {
    let scene = scene().await;
    let template = scene.template().await;
    let mut foreign = reference(&template);
    foreign.backbone_base_url =
        Some(tessera_content::BackboneUrl::parse("https://other.example:8443/x").unwrap());
    let asked = scene.world.proxy.count("GET", TEMPLATES);
    let error = scene.refused(&foreign, None).await;
    assert_eq!(
        error,
        WalletError::ForeignBackbone {
            host: "other.example:8443".to_owned()
        }
    );
    assert!(!scene.ada.read_code(&foreign).await.unwrap().is_own_backbone);
    assert_eq!(scene.world.proxy.count("GET", TEMPLATES), asked);

    let mut file = reference(&template);
    file.id = ReferenceId::parse("FILabcdefghijklmnopq").unwrap();
    assert_eq!(
        scene.refused(&file, None).await,
        WalletError::WrongKind("file")
    );

    // One's own.
    let own = scene
        .library
        .load_template(&reference(&template), None)
        .await
        .unwrap();
    assert_eq!(own, LoadOutcome::OwnTemplate);

    // Nothing this wallet can do anything with.
    let arbitrary = content(&json!({
        "@type": "ArbitraryRelationshipTemplateContent",
        "value": { "any": "thing" },
    }));
    let template = scene
        .library
        .create_template(template_of(&scene.world, arbitrary))
        .await
        .unwrap();
    let outcome = scene
        .ada
        .load_template(&reference(&template), None)
        .await
        .unwrap();
    assert_eq!(outcome, LoadOutcome::NoRequest);
}

/// Puts a Token at the Backbone.
async fn token_with(scene: &Scene, content: &[u8], key: &SecretKey) -> Reference {
    let stranger = Stranger::new(&scene.world).await;
    let token = stranger
        .client
        .create_token(&CreateTokenRequest {
            content: Some(Bytes::from(content)),
            expires_at: scene.world.now().plus(chrono::TimeDelta::days(1)),
            for_identity: None,
            password: None,
        })
        .await
        .unwrap();
    Reference {
        id: ReferenceId::Token(token.id),
        backbone_base_url: None,
        key: key.clone(),
        for_identity_truncated: None,
        password_protection: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_can_hand_on_a_template() {
    let scene = scene().await;
    let mut new = template_of(&scene.world, library_card());
    new.password = Some(TemplatePassword {
        password_type: PasswordType::Password,
        password: SecretText::from("correct horse"),
        location: None,
    });
    let protected = scene.library.create_template(new).await.unwrap();
    let key = SecretKey::generate(&SystemRandomness);
    let protection = protected.password_protection.as_ref().unwrap();
    let inside = TemplateInToken {
        for_identity: None,
        password_protection: Some(ProtectionInToken {
            password_location_indicator: None,
            password_type: PasswordType::Password,
            salt: protection.salt,
        }),
        secret_key: protected.secret_key.clone(),
        template_id: protected.id.clone(),
    };
    let content = token::seal_template(&inside, &key, &SystemRandomness).unwrap();
    let code = token_with(&scene, &content, &key).await;
    assert_eq!(
        scene.refused(&code, None).await,
        WalletError::NoPasswordProvided
    );
    assert_eq!(
        scene.refused(&code, Some("wrong")).await,
        WalletError::WrongPasswordOrGone
    );
    let password = Some(SecretText::from("correct horse"));
    let outcome = scene.ada.load_template(&code, password).await.unwrap();
    assert!(matches!(outcome, LoadOutcome::Request { .. }));
    let stored = scene.ada.template(&protected.id).await.unwrap();
    assert_eq!(stored.reference.truncated, protected.reference.truncated);

    // Other Tokens are told by what they are.
    for (text, expected) in [
        (r#"{"any":"json"}"#, WalletError::TokenContentNotSupported),
        (
            r#"{"@type":"TokenContentDeviceSharedSecret","sharedSecret":{}}"#,
            WalletError::DeviceOnboardingNotAllowed,
        ),
    ] {
        let cipher = tessera_crypto::aead::seal(&key, text.as_bytes(), &SystemRandomness).unwrap();
        let code = token_with(&scene, cipher.to_json(true).as_bytes(), &key).await;
        assert_eq!(scene.refused(&code, None).await, expected);
    }
}

/// A template made by hand, so that anything can be wrong with it.
struct Forger {
    identity: SignatureKeypair,
    key: SecretKey,
}

impl Forger {
    fn address(&self) -> Address {
        Address::of_key(self.identity.public().as_bytes(), "localhost")
    }

    fn seal(&self, content: &Value, address: &Address) -> String {
        let template_key = TemplatePublicKey {
            id: tessera_core_types::TemplateKeyId::generate(&SystemRandomness),
            key: *ExchangeKeypair::generate(&SystemRandomness).public(),
        };
        let bytes = template::seal(
            content,
            address,
            self.identity.private(),
            &template_key,
            &self.key,
            &SystemRandomness,
        )
        .unwrap();
        Bytes::from(bytes).to_text()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hostile_backbone_answers_leaves_the_database_as_it_was() {
    let scene = scene().await;
    let template = scene.template().await;
    let code = reference(&template);
    let forger = Forger {
        identity: SignatureKeypair::generate(&SystemRandomness),
        key: template.secret_key.clone(),
    };
    let good = template.content.to_json();
    let me = forger.address();
    let library = scene.library.address().clone();
    let elsewhere = Address::of_key(forger.identity.public().as_bytes(), "other.example");
    let signature = "error.transport.signatureNotValid";
    let plain = |text: &str| {
        let cipher =
            tessera_crypto::aead::seal(&forger.key, text.as_bytes(), &SystemRandomness).unwrap();
        Bytes::from(cipher.to_json(true).into_bytes()).to_text()
    };
    let items = |count: usize| {
        let mut many = good.clone();
        let item = many["onNewRelationship"]["items"][2].clone();
        many["onNewRelationship"]["items"] = vec![item; count].into();
        many
    };
    let titled = |title: String| {
        let mut content = good.clone();
        content["onNewRelationship"]["title"] = title.into();
        content
    };
    let malformed = "error.tessera.content.malformed";
    let too_large = "error.tessera.content.tooLarge";
    let cases: Vec<(&str, String, Address, &str)> = vec![
        (
            "somebody else's address",
            forger.seal(&good, &library),
            library.clone(),
            signature,
        ),
        (
            "another maker",
            forger.seal(&good, &me),
            library.clone(),
            signature,
        ),
        (
            "another Backbone",
            forger.seal(&good, &elsewhere),
            elsewhere.clone(),
            signature,
        ),
        (
            "not encrypted",
            Bytes::from("{}".as_bytes()).to_text(),
            me.clone(),
            "error.crypto.validation.noNonceNorCounter",
        ),
        (
            "no JSON inside",
            plain("hello"),
            me.clone(),
            "error.tessera.envelopes.malformed",
        ),
        (
            "no signature inside",
            plain("{}"),
            me.clone(),
            "error.tessera.envelopes.malformed",
        ),
        (
            "no items",
            forger.seal(&items(0), &me),
            me.clone(),
            malformed,
        ),
        (
            "10000 items",
            forger.seal(&items(10_000), &me),
            me.clone(),
            too_large,
        ),
        (
            "a title of megabytes",
            forger.seal(&titled("x".repeat(3_000_000)), &me),
            me.clone(),
            malformed,
        ),
        (
            "an unknown type",
            forger.seal(&json!({ "@type": "NoSuchThing" }), &me),
            me.clone(),
            "error.tessera.content.unknownType",
        ),
        (
            "not what it says",
            forger.seal(&json!({ "@type": "RelationshipTemplateContent" }), &me),
            me.clone(),
            malformed,
        ),
    ];
    for (name, content, created_by, expected) in cases {
        let rewritten = content.clone();
        scene.world.proxy.rule(move |seen| {
            let (content, created_by) = (rewritten.clone(), created_by.clone());
            if seen.is("GET", TEMPLATES) {
                Action::Change(Box::new(move |answer| {
                    answer["result"]["content"] = content.into();
                    answer["result"]["createdBy"] = created_by.as_str().into();
                }))
            } else {
                Action::Pass
            }
        });
        let error = scene.refused(&code, None).await;
        let code = error.code().into_owned();
        assert!(
            code == expected || (expected == malformed && code == too_large),
            "{name}: {error:?}"
        );
    }
    scene.world.proxy.rule(|seen| {
        if seen.is("GET", TEMPLATES) {
            Action::Change(Box::new(|answer| {
                answer["result"]["id"] = "RLTother000000000000".into();
            }))
        } else {
            Action::Pass
        }
    });
    assert_eq!(scene.refused(&code, None).await.code(), signature);
    scene.world.proxy.online();
    load(&scene.ada, &template).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_broken_server_answers_is_told_by_its_code() {
    let scene = scene().await;
    let template = scene.template().await;
    let code = reference(&template);
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"result\":" as &[u8];
    type Make = Box<dyn Fn() -> Action + Send>;
    let cases: Vec<(Make, &str)> = vec![
        (
            Box::new(|| Action::Answer(401, String::new())),
            "error.platform.unauthorized",
        ),
        (
            Box::new(|| Action::Answer(403, String::new())),
            "error.platform.forbidden",
        ),
        (
            Box::new(|| Action::Answer(404, String::new())),
            "error.transport.request.notFound",
        ),
        (
            Box::new(|| {
                Action::Answer(
                    429,
                    r#"{"error":{"code":"error.platform.quotaExhausted"}}"#.to_owned(),
                )
            }),
            "error.platform.quotaExhausted",
        ),
        (
            Box::new(|| Action::Answer(500, "<html>".to_owned())),
            "error.platform.unexpected",
        ),
        (
            Box::new(|| Action::Answer(200, "nonsense".to_owned())),
            "error.transport.request.unknown",
        ),
        (
            Box::new(|| Action::Answer(200, "{}".to_owned())),
            "error.transport.request.resultUndefined",
        ),
        (
            Box::new(|| Action::Refuse),
            "error.transport.request.aborted",
        ),
        (
            Box::new(move || Action::Raw(half)),
            "error.transport.request.unknown",
        ),
        (
            Box::new(|| Action::Raw(b"SSH-2.0-x\r\n")),
            "error.transport.request.unknown",
        ),
    ];
    for (make, expected) in cases {
        scene.world.proxy.rule(move |seen| {
            if seen.is("GET", TEMPLATES) {
                make()
            } else {
                Action::Pass
            }
        });
        let error = scene.refused(&code, None).await;
        assert_eq!(error.code(), expected, "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_something_unknown_is_kept_and_can_not_be_answered() {
    let scene = scene().await;
    let template = scene.template().await;
    let forger = Forger {
        identity: SignatureKeypair::generate(&SystemRandomness),
        key: template.secret_key.clone(),
    };
    let mut odd = template.content.to_json();
    odd["onNewRelationship"]["items"][0] =
        json!({ "@type": "DanceRequestItem", "mustBeAccepted": true, "steps": 3 });
    odd["onNewRelationship"]["title"] = "<script>alert(1)</script>\u{202e}gnp.exe".into();
    let (content, me) = (forger.seal(&odd, &forger.address()), forger.address());
    scene.world.proxy.rule(move |seen| {
        let (content, me) = (content.clone(), me.clone());
        if seen.is("GET", TEMPLATES) {
            Action::Change(Box::new(move |answer| {
                answer["result"]["content"] = content.into();
                answer["result"]["createdBy"] = me.as_str().into();
            }))
        } else {
            Action::Pass
        }
    });
    let request = load(&scene.ada, &template).await;
    let stored = scene.ada.request(&request).await.unwrap();
    assert_eq!(stored.status, LocalRequestStatus::Open);
    assert_eq!(
        stored.content.title.as_deref(),
        Some("<script>alert(1)</script>\u{202e}gnp.exe")
    );
    assert!(!scene.ada.form(&request).await.unwrap().is_decidable);
    assert!(scene.ada.accept(&request, &ada()).await.is_err());
    assert!(scene.ada.reject(&request).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_that_can_not_be_are_not_made() {
    let scene = scene().await;
    let good = || template_of(&scene.world, library_card());
    let password = |password_type, text: &str| {
        Some(TemplatePassword {
            password_type,
            password: SecretText::from(text),
            location: None,
        })
    };
    let past = scene.world.now().plus(chrono::TimeDelta::minutes(-1));
    let mut late = library_card().to_json();
    late["onNewRelationship"]["expiresAt"] = "2040-01-01T00:00:00.000Z".into();
    let before = everything(&scene.library).await;
    for new in [
        tessera_wallet::NewTemplate {
            expires_at: past,
            ..good()
        },
        tessera_wallet::NewTemplate {
            max_number_of_allocations: Some(0),
            ..good()
        },
        tessera_wallet::NewTemplate {
            password: password(PasswordType::Pin(4), "12345"),
            ..good()
        },
        tessera_wallet::NewTemplate {
            password: password(PasswordType::Pin(4), "12a4"),
            ..good()
        },
        tessera_wallet::NewTemplate {
            password: password(PasswordType::Password, ""),
            ..good()
        },
        template_of(&scene.world, content(&late)),
    ] {
        let error = scene.library.create_template(new).await.unwrap_err();
        assert_eq!(
            error.code(),
            "error.runtime.validation.invalidPropertyValue"
        );
    }
    assert_eq!(everything(&scene.library).await, before);
    assert_eq!(
        scene
            .world
            .proxy
            .count("POST", "/api/v2/RelationshipTemplates"),
        0
    );
}

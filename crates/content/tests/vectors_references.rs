//! The recorded references: every form, and every way to be malformed.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::{list, text, vectors};
use serde_json::{Map, Value, json};
use tessera_content::{
    BackboneUrl, ForIdentityTruncated, PasswordLocation, PasswordType, Reference, ReferenceId,
    ReferenceKind, SharedPasswordProtection,
};
use tessera_crypto::objects::SecretKey;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// A reference in the words of the vectors.
fn fields(reference: &Reference) -> Value {
    let mut fields = Map::new();
    fields.insert("id".into(), json!(reference.id.as_str()));
    if let Some(url) = &reference.backbone_base_url {
        fields.insert("backboneBaseUrl".into(), json!(url.as_str()));
    }
    fields.insert("algorithm".into(), json!(3));
    fields.insert("keyHex".into(), json!(hex(reference.key.as_bytes())));
    if let Some(four) = &reference.for_identity_truncated {
        fields.insert("forIdentityTruncated".into(), json!(four.as_str()));
    }
    if let Some(protection) = &reference.password_protection {
        let mut inner = Map::new();
        inner.insert(
            "passwordType".into(),
            json!(protection.password_type().to_string()),
        );
        inner.insert("saltHex".into(), json!(hex(protection.salt())));
        if let Some(location) = protection.location() {
            inner.insert(
                "passwordLocationIndicator".into(),
                json!(location.indicator()),
            );
        }
        if let Some(password) = protection.clear_password() {
            inner.insert("password".into(), json!(password.expose()));
        }
        fields.insert("passwordProtection".into(), Value::Object(inner));
    }
    Value::Object(fields)
}

fn newest(case: &Value) -> &Value {
    case["upstream"]
        .as_object()
        .unwrap()
        .values()
        .next_back()
        .unwrap()
}

#[test]
fn vectors_references() {
    let vectors = vectors("references.json");
    let cases = list(&vectors, "cases");
    for case in cases {
        let expected = &case["tessera"];
        match Reference::parse(text(case, "input")) {
            Ok(reference) => {
                assert_eq!(expected["accept"], json!(true), "{case}");
                assert_eq!(fields(&reference), expected["fields"], "{case}");
                // What we write says the same, but for a clear password, which is not written.
                let again = Reference::parse(&reference.truncated()).unwrap();
                let mut said = fields(&reference);
                if let Some(protection) = said.get_mut("passwordProtection") {
                    protection.as_object_mut().unwrap().remove("password");
                }
                assert_eq!(fields(&again), said);
                if let Ok(url) = reference.url(None) {
                    let again = Reference::parse(&url).unwrap();
                    assert_eq!(fields(&again)["keyHex"], said["keyHex"]);
                    assert!(
                        reference
                            .foreign_backbone(&again.backbone_base_url.unwrap())
                            .is_none()
                    );
                }
            }
            Err(error) => {
                assert_eq!(expected["accept"], json!(false), "{error:?} for {case}");
                assert_eq!(error.code(), text(expected, "code"), "{error:?} for {case}");
            }
        }
    }
    println!("references.json, cases: {} cases passed", cases.len());
}

fn kind(class: &str) -> ReferenceKind {
    match class {
        "RelationshipTemplateReference" => ReferenceKind::RelationshipTemplate,
        "TokenReference" => ReferenceKind::Token,
        "FileReference" => ReferenceKind::File,
        other => panic!("{other}"),
    }
}

#[test]
fn vectors_references_typed() {
    let vectors = vectors("references.json");
    let cases = list(&vectors, "typed");
    for case in cases {
        let id = text(case, "id");
        let prefix = match kind(text(case, "class")) {
            ReferenceKind::RelationshipTemplate => "RLT",
            ReferenceKind::Token => "TOK",
            ReferenceKind::File => "FIL",
        };
        let read = Reference::parse_as(kind(text(case, "class")), text(case, "input"));
        // Upstream's expression is not anchored; ids of another length are refused here.
        let is_exact = id.len() == 20;
        let upstream = newest(case)["ok"] == json!(true);
        assert_eq!(
            read.is_ok(),
            upstream && is_exact && id.starts_with(prefix),
            "{case}"
        );
        if let Ok(reference) = read {
            assert_eq!(fields(&reference), newest(case)["fields"], "{case}");
            assert_eq!(
                *reference.truncated(),
                text(newest(case), "truncated"),
                "{case}"
            );
        }
    }
    println!("references.json, typed: {} cases passed", cases.len());
}

/// What a vector wants to be built, if it can be.
fn built(case: &Value) -> Option<Reference> {
    let id = ReferenceId::parse(text(case, "id"))?;
    if id.kind() != kind(text(case, "cls")) {
        return None;
    }
    let protection = match case.get("passwordProtection") {
        None => None,
        Some(given) => {
            let location = match given.get("passwordLocationIndicator") {
                None => None,
                Some(indicator) => Some(PasswordLocation::of(
                    u8::try_from(indicator.as_u64()?).ok()?,
                )?),
            };
            let protection = SharedPasswordProtection::new(
                PasswordType::parse(text(given, "passwordType")).ok()?,
                unhex(text(given, "saltHex")).try_into().ok()?,
                location,
            );
            Some(protection.ok()?)
        }
    };
    let four = case.get("forIdentityTruncated").and_then(Value::as_str);
    let four = match four {
        None => None,
        Some(four) => Some(ForIdentityTruncated::parse(four).ok()?),
    };
    let url = case.get("backboneBaseUrl").and_then(Value::as_str);
    Some(Reference {
        id,
        backbone_base_url: url.map(|url| BackboneUrl::parse(url).unwrap()),
        key: SecretKey::from_slice(&unhex(text(case, "keyHex"))).unwrap(),
        for_identity_truncated: four,
        password_protection: protection,
    })
}

#[test]
fn vectors_references_build() {
    let vectors = vectors("references.json");
    let cases = list(&vectors, "build");
    for case in cases {
        let expected = newest(case);
        let reference = built(case);
        assert_eq!(json!(reference.is_some()), expected["ok"], "{case}");
        let Some(reference) = reference else {
            continue;
        };
        assert_eq!(
            *reference.truncated(),
            text(expected, "truncated"),
            "{case}"
        );
        match reference.url(case.get("appId").and_then(Value::as_str)) {
            Ok(url) => assert_eq!(*url, text(&expected["url"], "text"), "{case}"),
            Err(error) => {
                assert_eq!(expected["url"]["ok"], json!(false), "{case}");
                assert_eq!(error.code(), "error.core-types.missingBackboneBaseUrl");
            }
        }
    }
    println!("references.json, build: {} cases passed", cases.len());
}

#[test]
fn printing_a_reference_shows_no_secret() {
    let vectors = vectors("references.json");
    for case in list(&vectors, "cases") {
        let Ok(reference) = Reference::parse(text(case, "input")) else {
            continue;
        };
        let printed = format!("{reference:?}");
        let key = reference.key.as_bytes();
        for shown in [
            hex(key),
            tessera_crypto::encoding::to_b64u(key),
            format!("{key:?}"),
        ] {
            assert!(!printed.contains(&shown), "the key is printed");
        }
        let password = reference
            .password_protection
            .as_ref()
            .and_then(SharedPasswordProtection::clear_password);
        if let Some(password) = password {
            assert!(
                !printed.contains(password.expose()),
                "the password is printed"
            );
        }
    }
}

#[test]
fn backbones_are_compared_by_what_they_name() {
    let url = |text: &str| BackboneUrl::parse(text).unwrap();
    let own = url("https://backbone.example.com/base");
    for same in [
        "https://backbone.example.com/base",
        "https://backbone.example.com/base/",
        "https://backbone.example.com:443/base",
        "https://BACKBONE.example.com/base",
    ] {
        assert!(own.is_same_backbone(&url(same)), "{same}");
    }
    for other in [
        "http://backbone.example.com/base",
        "https://backbone.example.com",
        "https://backbone.example.com/BASE",
        "https://backbone.example.com:8443/base",
        "https://backbone.example.org/base",
    ] {
        assert!(!own.is_same_backbone(&url(other)), "{other}");
    }
}

#[test]
fn a_pin_has_so_many_digits() {
    let pin = PasswordType::pin(4).unwrap();
    assert!(pin.accepts("0123"));
    for wrong in ["", "123", "12345", "12 4", "٠١٢٣", "abcd"] {
        assert!(!pin.accepts(wrong), "{wrong}");
    }
    assert!(PasswordType::Password.accepts("1234"));
    assert!(!PasswordType::Password.accepts(""));
    assert_eq!(PasswordType::pin(3), None);
    assert_eq!(PasswordType::pin(17), None);
}

//! Content that somebody made to hurt: it is refused or kept small, and nothing panics.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tessera_content::{
    Attribute, AttributeQuery, AttributeValue, ContentError, CreationContent, Decision,
    IqlExpression, MessageContent, Reference, Request, RequestItem, RequestNode, Response,
    TemplateContent, ValueKind, find_forbidden_character, limits, parse_json, with_v6_names,
};

fn item() -> Value {
    json!({"@type": "AuthenticationRequestItem", "mustBeAccepted": true, "title": "Open the door"})
}

fn request(items: Vec<Value>) -> Value {
    json!({"@type": "Request", "items": items})
}

#[track_caller]
fn assert_too_large<T: std::fmt::Debug>(read: Result<T, ContentError>, place: &str) {
    let error = read.unwrap_err();
    assert_eq!(error.code(), "error.tessera.content.tooLarge", "{error}");
    assert_eq!(error.path(), Some(place));
}

#[test]
fn too_many_items_are_refused() {
    assert!(Request::parse(&request(vec![item(); limits::ITEMS])).is_ok());
    assert_too_large(Request::parse(&request(vec![item(); 10_000])), "items");
    // Nor can they hide in groups.
    let group = json!({"@type": "RequestItemGroup", "items": vec![item(); 600]});
    assert_too_large(
        Request::parse(&request(vec![group.clone(), group])),
        "items",
    );
}

#[test]
fn texts_count_in_utf16() {
    let titled = |title: String| {
        let mut request = request(vec![item()]);
        request["title"] = json!(title);
        Request::parse(&request)
    };
    assert!(titled("é".repeat(200)).is_ok());
    assert!(titled("😀".repeat(100)).is_ok());
    assert_too_large(titled("é".repeat(201)), "title");
    assert_too_large(titled("😀".repeat(101)), "title");
    assert_too_large(titled("x".repeat(5_000_000)), "title");
    let mut long = item();
    long["description"] = json!("x".repeat(501));
    assert_too_large(
        Request::parse(&request(vec![item(), long])),
        "items[1].description",
    );
}

#[test]
fn control_and_direction_characters_and_markup_are_just_text() {
    let text = "\u{202E}<script>alert(1)</script>\u{0}\u{7}";
    let mut request = request(vec![item()]);
    request["title"] = json!(text);
    let read = Request::parse(&request).unwrap();
    assert_eq!(read.title.as_deref(), Some(text));
}

#[test]
fn a_group_inside_a_group_is_not_understood() {
    let inner = json!({"@type": "RequestItemGroup", "items": [item()]});
    let outer = json!({"@type": "RequestItemGroup", "items": [inner]});
    let request = Request::parse(&request(vec![outer])).unwrap();
    assert!(!request.is_understood());
    let [RequestNode::Group(group)] = request.items.as_slice() else {
        panic!("a group");
    };
    assert!(matches!(group.items.as_slice(), [RequestItem::Unknown(_)]));
}

#[test]
fn nesting_is_bounded() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(parse_json(&deep), Err(ContentError::NotJson));
    let not = format!("{}GivenName", "!".repeat(4000));
    assert!(IqlExpression::parse(&not).is_err());
    let brackets = format!("{}GivenName{}", "( ".repeat(1000), " )".repeat(1000));
    assert!(IqlExpression::parse(&brackets).is_err());
    let brackets = format!("{}GivenName{}", "( ".repeat(50), " )".repeat(50));
    assert!(IqlExpression::parse(&brackets).is_ok());
    let mut decision = json!({"accept": true});
    for _ in 0..20 {
        decision = json!({"items": [decision]});
    }
    assert!(Decision::parse(&decision).is_err());
}

#[test]
fn a_book_is_not_a_reference() {
    let error = Reference::parse(&"A".repeat(10_000_000)).unwrap_err();
    assert_eq!(
        error.code(),
        "error.appruntime.appStringProcessor.invalidReference"
    );
}

#[test]
fn a_known_type_with_wrong_content_is_refused_as_a_whole() {
    for (content, place) in [
        (
            json!({"@type": "RelationshipTemplateContent"}),
            "onNewRelationship",
        ),
        (
            json!({"@type": "RelationshipTemplateContent", "onNewRelationship": {"items": []}}),
            "onNewRelationship.items",
        ),
        (
            json!({"@type": "RelationshipTemplateContent",
                   "onNewRelationship": {"items": [{"mustBeAccepted": true}]}}),
            "onNewRelationship.items[0].@type",
        ),
    ] {
        let error = TemplateContent::parse(&content).unwrap_err();
        assert_eq!(error.path(), Some(place), "{error}");
    }
    let arbitrary = json!({"@type": "ArbitraryRelationshipTemplateContent", "value": [1]});
    assert_eq!(
        TemplateContent::parse(&arbitrary).unwrap(),
        TemplateContent::Arbitrary(json!([1]))
    );
    for unknown in [json!({"x": 1}), json!([]), json!("text"), json!(null)] {
        assert_eq!(
            TemplateContent::parse(&unknown).unwrap(),
            TemplateContent::Unknown(unknown)
        );
    }
}

#[test]
fn what_is_sent_can_carry_the_names_of_v6() {
    let share = json!({
        "@type": "ShareAttributeRequestItem", "mustBeAccepted": true,
        "attributeId": "ATT00000000000000001",
        "attribute": {"@type": "IdentityAttribute", "owner": "",
                      "value": {"@type": "GivenName", "value": "Ada"}},
    });
    let sent = with_v6_names(Request::parse(&request(vec![share])).unwrap().to_json());
    assert_eq!(
        sent["items"][0]["sourceAttributeId"],
        "ATT00000000000000001"
    );
    let read = Request::parse(&sent).unwrap();
    let Some(RequestItem::ShareAttribute(read)) = read.all_items().next() else {
        panic!("a ShareAttributeRequestItem");
    };
    assert!(!read.is_v6());
}

#[test]
fn what_somebody_speaks_shows_in_what_they_send() {
    use tessera_content::{
        ProtocolVersion::{self, V6, V7},
        sign_of_version,
    };
    let identity = |value_type: &str| json!({ "value": { "@type": value_type, "value": "x" } });
    let cases: &[(Option<ProtocolVersion>, Value)] = &[
        (
            None,
            json!({ "@type": "ConsentRequestItem", "consent": "Yes?" }),
        ),
        (
            None,
            json!({ "@type": "AuthenticationRequestItem", "title": "It is you" }),
        ),
        (
            None,
            json!({ "@type": "FormFieldRequestItem", "title": "When" }),
        ),
        (
            None,
            json!({ "@type": "FutureRequestItem", "title": "Soon", "metadata": { "items": [
            { "@type": "FreeTextRequestItem" }] } }),
        ),
        (
            None,
            json!({ "@type": "RequestItemGroup", "title": "Together", "items": [] }),
        ),
        (
            V6.into(),
            json!({ "@type": "ConsentRequestItem", "title": "Terms" }),
        ),
        (
            V6.into(),
            json!({ "@type": "AuthenticationRequestItem", "requireManualDecision": true }),
        ),
        (V6.into(), json!({ "@type": "FreeTextRequestItem" })),
        (
            V6.into(),
            json!({ "@type": "RegisterAttributeListenerRequestItem" }),
        ),
        (
            V6.into(),
            json!({ "@type": "ShareAttributeRequestItem", "sourceAttributeId": "ATT" }),
        ),
        (
            V6.into(),
            json!({ "@type": "ShareAttributeAcceptResponseItem", "attributeId": "ATT" }),
        ),
        (V6.into(), json!({ "@type": "FreeTextAcceptResponseItem" })),
        (
            V6.into(),
            json!({ "@type": "ReadAttributeRequestItem", "query": { "valueType": "City" } }),
        ),
        (
            V6.into(),
            json!({ "@type": "CreateAttributeRequestItem", "attribute": identity("PersonName") }),
        ),
        (
            V6.into(),
            json!({ "@type": "AttributeSuccessionAcceptResponseItem",
            "successorContent": identity("BirthYear") }),
        ),
        (
            V6.into(),
            json!({ "@type": "ProposeAttributeRequestItem",
            "query": { "@type": "IdentityAttributeQuery", "valueType": "Street" },
            "attribute": identity("Street") }),
        ),
        (
            V6.into(),
            json!({ "@type": "ReadAttributeAcceptResponseItem",
            "attribute": { "validTo": "2030-01-01", "value": { "@type": "GivenName" } } }),
        ),
        (
            V6.into(),
            json!({ "@type": "ReadAttributeRequestItem",
            "query": { "valueType": "GivenName", "validFrom": "2020-01-01" } }),
        ),
        (V6.into(), json!({ "@type": "AuthenticationRequestItem" })),
        (
            V6.into(),
            json!({ "@type": "TransferFileOwnershipRequestItem", "fileReference": "x" }),
        ),
        (
            None,
            json!({ "@type": "TransferFileOwnershipRequestItem", "fileReference": "x",
            "ownershipToken": "y" }),
        ),
        (
            V7.into(),
            json!({ "@type": "ReadAttributeAcceptResponseItem", "attribute": identity("GivenName"),
            "initialAttributePeer": "did:e:x", "thirdPartyAddress": "did:e:x" }),
        ),
        (
            V6.into(),
            json!({ "@type": "PeerSharedAttributeDeletedByPeerNotificationItem" }),
        ),
        (
            V6.into(),
            json!({ "@type": "ThirdPartyRelationshipAttributeDeletedByPeerNotificationItem" }),
        ),
        (
            V7.into(),
            json!({ "@type": "ConsentRequestItem", "requiresInteraction": true }),
        ),
        (
            V7.into(),
            json!({ "@type": "ShareAttributeRequestItem", "attributeId": "ATT",
            "sourceAttributeId": "ATT" }),
        ),
        (
            V7.into(),
            json!({ "@type": "ReadAttributeRequestItem", "query": { "@type": "IQLQuery",
            "attributeCreationHints": { "valueType": "MaritalStatus" } } }),
        ),
        (
            V7.into(),
            json!({ "@type": "ReadAttributeAcceptResponseItem",
            "attribute": identity("BankAccount") }),
        ),
        (
            V7.into(),
            json!({ "@type": "ForwardedAttributeDeletedByPeerNotificationItem" }),
        ),
        (
            V7.into(),
            json!({ "@type": "PeerAttributeSucceededNotificationItem",
            "successorContent": identity("GivenName") }),
        ),
    ];
    for (sign, item) in cases {
        let group = json!({ "@type": "RequestItemGroup", "items": [item] });
        for content in [
            json!({ "@type": "Request", "items": [item] }),
            json!({ "@type": "Notification", "items": [item] }),
            json!({ "@type": "RelationshipTemplateContent",
                "onNewRelationship": { "items": [group] } }),
            json!({ "@type": "RelationshipTemplateContent", "onNewRelationship": {},
                "onExistingRelationship": { "items": [item] } }),
            json!({ "@type": "RelationshipCreationContent", "response": { "items": [item] } }),
            json!({ "@type": "ResponseWrapper", "response": { "items": [item] } }),
        ] {
            assert_eq!(sign_of_version(&content), *sign, "{content}");
        }
        // What is no content of theirs says nothing.
        let mail = json!({ "@type": "Mail", "body": "x", "metadata": { "items": [item] } });
        assert_eq!(sign_of_version(&mail), None);
    }
    // A newer word beside an older one.
    let older = json!({ "@type": "FreeTextRequestItem" });
    let newer = json!({ "@type": "ForwardedAttributeDeletedByPeerNotificationItem" });
    let both = json!({ "items": [older, newer] });
    assert_eq!(sign_of_version(&both), Some(V7));
}

/// The places of a JSON value, as JSON pointers.
fn places(json: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match json {
        Value::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                places(entry, &format!("{at}/{index}"), out);
            }
        }
        Value::Object(map) => {
            for (name, entry) in map {
                places(entry, &format!("{at}/{name}"), out);
            }
        }
        _ => {}
    }
}

#[test]
fn every_place_of_what_is_received_can_be_damaged() {
    let vectors = common::vectors("requests.json");
    let damage = [
        json!(null),
        json!(-1.5),
        json!(""),
        json!("SECRET"),
        json!([]),
        json!({}),
        json!([["SECRET"]]),
        json!("\u{0}".repeat(60_000)),
    ];
    let mut refused = 0;
    for case in common::list(&vectors, "cases") {
        for whole in [
            &case["request"],
            &case["expected"]["response"],
            &case["decide"],
        ] {
            let mut all = Vec::new();
            places(whole, "", &mut all);
            for (place, damage) in all
                .iter()
                .flat_map(|at| damage.iter().map(move |d| (at, d)))
            {
                let mut damaged = whole.clone();
                *damaged.pointer_mut(place).unwrap() = damage.clone();
                let errors = [
                    Request::parse(&damaged).err(),
                    Response::parse(&damaged).err(),
                    Decision::parse(&damaged).err(),
                ];
                for error in errors.into_iter().flatten() {
                    refused += 1;
                    let told = format!("{error} {error:?}");
                    assert!(told.len() < 500 && !told.contains("SECRET"), "{told}");
                }
            }
        }
    }
    assert!(refused > 10_000);
}

/// Any JSON, with the words of the protocol in it, so that parsers get far.
fn json_value() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("Request"),
        Just("RequestItemGroup"),
        Just("ReadAttributeRequestItem"),
        Just("ProposeAttributeRequestItem"),
        Just("CreateAttributeRequestItem"),
        Just("FormFieldRequestItem"),
        Just("SelectionFormFieldSettings"),
        Just("StringFormFieldSettings"),
        Just("IdentityAttribute"),
        Just("RelationshipAttribute"),
        Just("IdentityAttributeQuery"),
        Just("IQLQuery"),
        Just("RelationshipAttributeQuery"),
        Just("ThirdPartyRelationshipAttributeQuery"),
        Just("GivenName"),
        Just("BirthDate"),
        Just("StreetAddress"),
        Just("BankAccount"),
        Just("ProprietaryString"),
        Just("Consent"),
        Just("Response"),
        Just("ResponseItemGroup"),
        Just("ReadAttributeAcceptResponseItem"),
        Just("RejectResponseItem"),
        Just("Accepted"),
        Just("Rejected"),
        Just("public"),
        Just(""),
        Just("Notification"),
        Just("Mail"),
        Just("ResponseWrapper"),
        Just("ConsentRequestItem"),
        Just("RelationshipTemplateContent"),
        Just("ATT00000000000000001"),
        Just("REQ00000000000000001"),
        Just("2024-02-30T24:00:00Z"),
        Just("DE89370400440532013000"),
    ];
    let name = prop_oneof![
        Just("@type"),
        Just("items"),
        Just("value"),
        Just("query"),
        Just("attribute"),
        Just("mustBeAccepted"),
        Just("title"),
        Just("description"),
        Just("metadata"),
        Just("tags"),
        Just("owner"),
        Just("key"),
        Just("confidentiality"),
        Just("settings"),
        Just("options"),
        Just("min"),
        Just("max"),
        Just("valueType"),
        Just("queryString"),
        Just("thirdParty"),
        Just("attributeCreationHints"),
        Just("valueHintsOverride"),
        Just("propertyHints"),
        Just("values"),
        Just("day"),
        Just("month"),
        Just("year"),
        Just("iban"),
        Just("bic"),
        Just("result"),
        Just("requestId"),
        Just("response"),
        Just("onNewRelationship"),
        Just("accept"),
        Just("id"),
        Just("expiresAt"),
        Just("attributeId"),
        Just("to"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        word.prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let name = prop_oneof![8 => name.clone().prop_map(str::to_owned), 1 => any::<String>()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_json_makes_a_parser_panic(json in json_value()) {
        // What can be read can be written and read again.
        if let Ok(request) = Request::parse(&json) {
            prop_assert_eq!(Request::parse(&request.to_json()), Ok(request));
        }
        if let Ok(response) = Response::parse(&json) {
            prop_assert_eq!(Response::parse(&response.to_json()), Ok(response));
        }
        if let Ok(attribute) = Attribute::parse(&json) {
            prop_assert_eq!(Attribute::parse(&attribute.to_json()), Ok(attribute));
        }
        if let Ok(query) = AttributeQuery::parse(&json) {
            prop_assert_eq!(AttributeQuery::parse(&query.to_json()), Ok(query));
        }
        if let Ok(decision) = Decision::parse(&json) {
            prop_assert_eq!(Decision::parse(&decision.to_json()), Ok(decision));
        }
        for kind in [ValueKind::Identity, ValueKind::Relationship, ValueKind::V6] {
            if let Ok(value) = AttributeValue::parse(kind, &json) {
                prop_assert_eq!(AttributeValue::parse(kind, &value.to_json()), Ok(value));
            }
        }
        let _ = RequestItem::parse(&json);
        let _ = MessageContent::parse(&json);
        let _ = TemplateContent::parse(&json);
        let _ = CreationContent::parse(&json);
        let _ = with_v6_names(json);
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>(), scheme in prop_oneof![
        Just(""), Just("https://a.example/r/"), Just("nmshd://tr#"), Just("enmeshed://"), Just("UkxU"),
    ]) {
        let _ = Reference::parse(&format!("{scheme}{text}"));
        let _ = parse_json(&text);
        let _ = find_forbidden_character(&text);
        let _ = IqlExpression::parse(&text);
    }

    #[test]
    fn no_query_makes_its_parser_panic(text in r"[A-Za-zäß.=><~?'\\#!&|() \t]{0,40}") {
        if let Ok(query) = IqlExpression::parse(&text) {
            prop_assert_eq!(query.as_str(), text);
        }
    }

    #[test]
    fn damage_inside_a_reference_is_told(at in 0_usize..130, with in any::<char>()) {
        let plain = "RLT7BeOsn6lpRwG8nKzV@https://prod.enmeshed.eu|3|YaKuKe1PIYvmqpQAjSHh5u8U5tz8WhvQQ2iz2PCzDoI|8a6a|pin6&LpG3Lx9KW+AW53V7fqvD3g==&2";
        let mut characters: Vec<char> = plain.chars().collect();
        let at = at.min(characters.len() - 1);
        characters[at] = with;
        let text: String = characters.into_iter().collect();
        let _ = Reference::parse(&tessera_crypto::encoding::to_b64u(text.as_bytes()));
    }
}

#[test]
fn no_link_is_written_to_what_is_no_address() {
    use tessera_content::{InvalidReference, ReferenceError};
    let named = |base: &str| {
        let key = "YaKuKe1PIYvmqpQAjSHh5u8U5tz8WhvQQ2iz2PCzDoI";
        let plain = format!("RLTaaaaaaaaaaaaaaaaa@{base}|3|{key}||");
        Reference::parse(&tessera_crypto::encoding::to_b64u(plain.as_bytes())).unwrap()
    };
    let good = named("https://backbone.example");
    let link = good.url(None).unwrap();
    assert_eq!(Reference::parse(&link).unwrap().id, good.id);
    for base in ["https://[", "https://a:99999", "https://a%"] {
        let error = named(base).url(None).unwrap_err();
        let wanted = ReferenceError::Invalid(InvalidReference::BackboneBaseUrl);
        assert_eq!(error, wanted, "{base}");
    }
}

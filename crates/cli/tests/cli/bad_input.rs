//! What can be wrong with codes, passwords, files and folders: exit code 1, a code, a sentence, and
//! nothing that was not there before.

use serde_json::{Value, json};
use tessera_wallet::{Environment, Wallet};

use crate::stage::{PIN, Stage, Tessera, asks, exists, library_card, reads, reference, text};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_reference_is_refused() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    let url = reference(&library.offers(&library_card(), &["--pin", PIN]));
    let id = &url[url.find("RLT").unwrap()..][..20];
    let invalid = "error.appruntime.appStringProcessor.invalidReference";
    let fragment = url.find('#').unwrap();
    let cases: &[(&str, String, &str, &str)] = &[
        (
            "plain text",
            "hello, world".into(),
            invalid,
            "not a reference",
        ),
        ("nothing", String::new(), invalid, "not a reference"),
        (
            "another link",
            "mailto:ada@example.org".into(),
            "error.appruntime.appStringProcessor.wrongURL",
            "not one of enmeshed",
        ),
        ("broken base64", format!("{url}!"), invalid, "base64"),
        (
            "a key that is cut",
            url[..url.len() - 40].into(),
            invalid,
            "not a reference",
        ),
        (
            "no key",
            url[..=fragment].into(),
            invalid,
            "not a reference",
        ),
        ("a short id", url.replace(id, "RLT123"), invalid, "id"),
        (
            "a file",
            url.replace(id, "FIL00000000000000001"),
            "error.runtime.invalidReference",
            "file",
        ),
        (
            "far too long",
            format!("{url}{}", "A".repeat(100_000)),
            invalid,
            "too long",
        ),
        (
            "control characters",
            format!("\u{202e}{url}\u{0007}"),
            invalid,
            "not a reference",
        ),
    ];
    for (what, text, code, message) in cases {
        let told = ada.refuses(&["template", "load", text, "--pin", PIN]);
        assert_eq!(told.code, *code, "{what}: {}", told.message);
        assert!(told.message.contains(message), "{what}: {}", told.message);
        assert!(!told.message.contains(&url[fragment + 1..]), "{what}");
    }
    // What is not there can't be told from what the PIN does not open.
    let not_there = "error.tessera.templates.wrongPasswordOrGone";
    for kind in ["RLT", "TOK"] {
        let gone = url.replace(id, &format!("{kind}00000000000000001"));
        let told = ada.refuses(&["template", "load", &gone, "--pin", PIN]);
        assert_eq!(told.code, not_there, "{kind}");
    }
    // A code of another Backbone is not asked for anywhere.
    let foreign = url.replace(&stage.url(), "https://backbone.example.org");
    let told = ada.refuses(&["template", "load", &foreign, "--pin", PIN]);
    assert_eq!(told.code, "error.tessera.references.foreignBackbone");
    assert!(told.message.contains("backbone.example.org"));
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_something_else_does_not_open_a_template() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    let [one, other] = [(); 2].map(|()| reference(&library.offers(&library_card(), &[])));
    let key = &other[other.find('#').unwrap()..];
    let mixed = format!("{}{key}", &one[..one.find('#').unwrap()]);
    let told = ada.refuses(&["template", "load", &mixed]);
    assert_eq!(
        told.code, "error.crypto.encryption.decrypt",
        "{}",
        told.message
    );
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_pin_or_password_is_told_and_leaves_nothing() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    let code = reference(&library.offers(&library_card(), &["--pin", PIN]));

    let told = ada.refuses(&["template", "load", &code]);
    assert_eq!(told.code, "error.transport.noPasswordProvided");
    let told = ada.refuses(&["template", "load", &code, "--pin", "0815"]);
    assert_eq!(told.code, "error.tessera.templates.wrongPasswordOrGone");
    assert!(!told.message.contains("0815"));
    let told = ada.refuses(&["template", "load", &code, "--pin", "471100"]);
    assert_eq!(told.code, "error.tessera.templates.pinLength");
    assert!(told.message.contains('4'), "{}", told.message);

    // A password may be digits, and begin with a hyphen.
    for password in ["20262027", "-20 26-"] {
        let code = reference(&library.offers(&library_card(), &["--password", password]));
        let told = ada.refuses(&["template", "load", &code, "--password", "20262028"]);
        assert_eq!(told.code, "error.tessera.templates.wrongPasswordOrGone");
        let loaded = ada.succeeds(&["template", "load", &code, "--password", password]);
        assert_eq!(loaded["passwordProtection"]["passwordType"], "pw");
    }
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_for_somebody_else_or_used_up_is_refused() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let (ada, grace) = (stage.wallet("Ada"), stage.wallet("Grace"));
    let card = library_card();

    let for_ada = library.offers(&card, &["--for", &ada.address()]);
    assert_eq!(for_ada["forIdentity"], ada.address());
    let told = grace.refuses(&["template", "load", &reference(&for_ada)]);
    assert_eq!(told.code, "error.transport.general.notIntendedForYou");
    assert_eq!(
        ada.succeeds(&["template", "load", &reference(&for_ada)])["outcome"],
        "request"
    );

    let once = library.offers(&card, &["--max-allocations", "1"]);
    grace.succeeds(&["template", "load", &reference(&once)]);
    let told = ada.refuses(&["template", "load", &reference(&once)]);
    assert_eq!(
        told.code,
        "error.platform.validation.relationshipTemplate.maxNumberOfAllocationsExhausted"
    );

    let content = library.json(&card);
    library.refuses(&[
        "template",
        "create",
        "--content",
        &content,
        "--expires-at",
        "2020-01-01",
    ]);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_can_not_answer_oneself() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let own = library.offers(&library_card(), &[]);
    let loaded = library.succeeds(&["template", "load", &reference(&own)]);
    assert_eq!(loaded["outcome"], "ownTemplate");
    assert_eq!(loaded["isOwn"], true);
    assert_eq!(library.succeeds(&["request", "list"]), json!([]));
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn content_that_is_none_makes_no_template() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let many = vec![reads("GivenName", false); 10_000];
    let mut titled = library_card();
    titled["onNewRelationship"]["title"] = json!("x".repeat(3_000_000));
    let group = json!({ "@type": "RequestItemGroup", "items": [reads("GivenName", true)] });
    let nested = json!({ "@type": "RequestItemGroup", "items": [group] });
    let cases: &[(&str, Value)] = &[
        ("not an object", json!([])),
        ("no type", json!({ "title": "Library card" })),
        ("an unknown type", json!({ "@type": "Poem", "value": "" })),
        (
            "no Request",
            json!({ "@type": "RelationshipTemplateContent" }),
        ),
        ("no items", asks(&[])),
        ("10,000 items", asks(&many)),
        ("a group in a group", asks(&[nested])),
        ("megabytes of title", titled),
        (
            "an unknown item",
            asks(&[json!({ "@type": "TeleportRequestItem", "mustBeAccepted": false })]),
        ),
        (
            "no query",
            asks(&[json!({ "@type": "ReadAttributeRequestItem", "mustBeAccepted": true })]),
        ),
    ];
    for (what, content) in cases {
        let file = library.json(content);
        let told = library.refuses(&["template", "create", "--content", &file]);
        assert!(told.code.starts_with("error."), "{what}: {told:?}");
        assert!(told.message.len() < 500, "{what}");
    }
    let told = library.refuses(&["template", "create", "--content", &library.file("{")]);
    assert_eq!(told.code, "error.tessera.content.notJson");
    assert!(
        told.message.contains("line 1, column 1"),
        "{}",
        told.message
    );
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_attribute_is_not_kept() {
    let stage = Stage::new().await;
    let ada = stage.wallet("Ada");
    let secret = "not an address at all";
    for value in [
        json!("Ada"),
        json!({ "value": "Ada" }),
        json!({ "@type": "ShoeSize", "value": 42 }),
        json!({ "@type": "GivenName" }),
        json!({ "@type": "EMailAddress", "value": secret }),
        json!({ "@type": "BirthDate", "day": 31, "month": 2, "year": 2000 }),
        json!({ "@type": "GivenName", "value": "Ada\u{0007}" }),
    ] {
        let told = ada.refuses(&["attribute", "add", &ada.json(&value)]);
        assert!(told.code.starts_with("error."), "{value}: {told:?}");
        assert!(!told.message.contains(secret), "{}", told.message);
    }
    ada.knows("GivenName", "Ada");
    let again = ada.json(&json!({ "@type": "GivenName", "value": "Ada" }));
    let told = ada.refuses(&["attribute", "add", &again]);
    assert_eq!(
        told.code,
        "error.runtime.attributes.cannotCreateDuplicateOwnIdentityAttribute"
    );
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said() {
    let stage = Stage::new().await;
    let ada = stage.wallet("Ada");
    for command in [
        &["request", "show", "REQ00000000000000000"][..],
        &["request", "check", "REQ00000000000000000"],
        &["request", "accept", "REQ00000000000000000"],
        &["request", "reject", "REQ00000000000000000"],
        &["relationship", "show", "REL00000000000000000"],
        &["relationship", "accept", "REL00000000000000000"],
        &["relationship", "reject", "REL00000000000000000"],
        &["relationship", "revoke", "REL00000000000000000"],
    ] {
        let told = ada.refuses(command);
        assert_eq!(told.code, "error.transport.recordNotFound", "{command:?}");
    }
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_without_a_code_are_told_apart() {
    let stage = Stage::new().await;
    let ada = stage.wallet("Ada");
    let load = |file: &str| ada.refuses(&["template", "load", "--qr", file]);
    assert_eq!(load("nowhere.png").code, "error.tessera.cli.fileUnreadable");
    assert_eq!(
        load(&ada.file("no picture")).code,
        "error.tessera.scanner.notAPicture"
    );
    let code = tessera_scanner::qr_png("hello", 4).unwrap();
    assert_eq!(
        load(&ada.file(&code[..code.len() / 2])).code,
        "error.tessera.scanner.brokenPicture"
    );
    let told = load(&ada.file(&code));
    assert_eq!(
        told.code,
        "error.appruntime.appStringProcessor.invalidReference"
    );
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_password_must_be_right() {
    let stage = Stage::new().await;
    let ada = stage.wallet("Ada");
    for (content, code) in [
        ("another passphrase", "error.tessera.keys.wrongPassword"),
        (
            "a passphrase for tests\n\n",
            "error.tessera.keys.wrongPassword",
        ),
        ("\n", "error.tessera.keys.passwordEmpty"),
        ("", "error.tessera.keys.passwordEmpty"),
    ] {
        std::fs::write(ada.path("passphrase"), content).unwrap();
        let told = ada.fails(&["profile", "show"]);
        assert_eq!(told.code, code, "{content:?}");
    }
    std::fs::remove_file(ada.path("passphrase")).unwrap();
    assert_eq!(
        ada.fails(&["profile", "show"]).code,
        "error.tessera.cli.fileUnreadable"
    );
    std::fs::write(ada.path("passphrase"), "a passphrase for tests").unwrap();
    assert_eq!(ada.succeeds(&["profile", "show"])["name"], "Ada");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_without_a_wallet_stays_without() {
    let stage = Stage::new().await;
    let nobody = stage.nobody("Nobody");
    for command in [&["profile", "show"][..], &["sync"], &["request", "list"]] {
        let told = nobody.fails(command);
        assert_eq!(
            told.code, "error.tessera.store.notFound",
            "{}",
            told.message
        );
    }
    assert!(!exists(&nobody.data()), "looking makes no folder");
    stage.stop().await;
}

#[test]
fn a_file_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = Tessera::new(folder.path().to_owned());
    std::fs::write(nobody.data(), "a file").unwrap();
    for command in [
        &["profile", "show"][..],
        &["profile", "create", "--name", "Ada"],
    ] {
        let told = nobody.fails(command);
        assert_eq!(told.code, "error.tessera.cli.noFolder", "{}", told.message);
    }
    assert_eq!(std::fs::read(nobody.data()).unwrap(), b"a file");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_profile_does_not_replace_the_first() {
    let stage = Stage::new().await;
    let ada = stage.wallet("Ada");
    let told = ada.refuses(&[
        "profile",
        "create",
        "--name",
        "Eve",
        "--backbone",
        &stage.url(),
    ]);
    assert_eq!(told.code, "error.tessera.wallet.exists");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_needs_a_backbone_that_answers_and_knows_the_program() {
    let stage = Stage::new().await;
    let ada = stage.nobody("Ada");
    let create = |backbone: &str, client: &str| {
        ada.fails(&[
            "profile",
            "create",
            "--name",
            "Ada",
            "--backbone",
            backbone,
            "--client",
            client,
        ])
    };
    assert_eq!(
        create("no url", "test:test").code,
        "error.tessera.backbone.invalidBaseUrl"
    );
    let told = create(&stage.url(), "test:wrong secret");
    assert_eq!(told.code, "error.transport.general.platformClientInvalid");
    assert!(!told.message.contains("wrong secret"));
    let told = create("http://localhost:9", "test:test");
    assert!(
        told.code.starts_with("error.transport.request."),
        "{told:?}"
    );
    // Whatever was begun can be brought to its end.
    let made = ada.succeeds(&[
        "profile",
        "create",
        "--name",
        "Ada",
        "--backbone",
        &stage.url(),
    ]);
    assert_eq!(ada.succeeds(&["profile", "show"]), made);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_that_is_open_elsewhere_is_left_alone() {
    let stage = Stage::new().await;
    let ada = stage.wallet("Ada");
    let open = Wallet::open(&ada.data(), ada.unlock(), Environment::system())
        .await
        .unwrap();
    assert_eq!(
        ada.fails(&["profile", "show"]).code,
        "error.tessera.store.inUse"
    );
    open.close().await.unwrap();
    ada.succeeds(&["profile", "show"]);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_that_is_said_and_nothing_is_made() {
    let stage = Stage::new().await;
    let folder = stage.nobody("Ada");
    let told = without_passphrase(
        &folder,
        &[
            "profile",
            "create",
            "--name",
            "Ada",
            "--backbone",
            &stage.url(),
        ],
    );
    assert_eq!(told, "error.tessera.keyring.missing");
    assert!(!exists(&folder.data().join("wallet.db")));
    assert!(!exists(&folder.data().join("key.json")));
    folder.succeeds(&[
        "profile",
        "create",
        "--name",
        "Ada",
        "--backbone",
        &stage.url(),
    ]);
    let ada = stage.wallet("Grace");
    let told = without_passphrase(&ada, &["profile", "show"]);
    assert_eq!(told, "error.tessera.keys.passwordNeeded");
    stage.stop().await;
}

fn without_passphrase(tessera: &Tessera, arguments: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tessera"));
    let output = crate::stage::run(command.arg("--data").arg(tessera.data()).args(arguments));
    let told = crate::stage::told(&output);
    assert_eq!(text(&told.error, "code"), told.code);
    told.code
}

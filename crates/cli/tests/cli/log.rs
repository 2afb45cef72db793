//! A log is written when somebody asks for it, and then it tells no secret.

use serde_json::Value;

use crate::stage::{PASSPHRASE, Stage, answer, library_card, reference};

const PASSWORD: &str = "correct horse battery staple";
const WRONG: &str = "a wrong password";
const MAIL: &str = "ada.lovelace@example.org";

#[tokio::test(flavor = "multi_thread")]
async fn no_log_tells_a_secret() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    let mut log = String::new();
    let mut logged = |tessera: &crate::stage::Tessera, arguments: &[&str]| -> Value {
        let output = tessera.run_with_log(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("TRACE") || said.contains("DEBUG"), "{said}");
        log.push_str(&said);
        if output.status.success() {
            serde_json::from_slice(&output.stdout).unwrap()
        } else {
            // The failure is the last line, whatever is logged before it.
            serde_json::from_str(said.lines().last().unwrap()).unwrap()
        }
    };

    let content = library.json(&library_card());
    let create = ["template", "create", "--content", &content];
    let template = logged(&library, &[&create[..], &["--password", PASSWORD]].concat());
    let code = reference(&template);
    let load = ["template", "load", &code, "--password"];
    let told = logged(&ada, &[&load[..], &[WRONG]].concat());
    assert!(told["error"]["code"].is_string());
    let loaded = logged(&ada, &[&load[..], &[PASSWORD]].concat());
    let request = loaded["requestId"].as_str().unwrap();
    let mail = ada.knows("EMailAddress", MAIL);
    let decision = ada.json(&answer(&ada.address(), &mail));
    logged(
        &ada,
        &["request", "accept", request, "--decision", &decision],
    );
    logged(&library, &["sync"]);
    let relationship = library.relationship();
    let id = relationship["id"].as_str().unwrap();
    logged(&library, &["relationship", "accept", id]);
    logged(&ada, &["sync"]);

    let truncated = template["truncatedReference"].as_str().unwrap();
    let key = &code[code.find('#').unwrap() + 1..];
    for secret in [PASSPHRASE, PASSWORD, WRONG, MAIL, truncated, key] {
        assert!(!log.contains(secret), "{secret}");
    }
    stage.stop().await;
}

//! The program `tessera-backbone`.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::json;

use crate::{
    common::http,
    encryption::{tls_files, trusting_http},
};

fn program(data: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_tessera-backbone"))
        .args(["--port", "0", "--data"])
        .arg(data)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env("RUST_LOG", "debug")
        .spawn()
        .unwrap()
}

fn base_url(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    line.trim_end().to_owned()
}

/// Asks it to end, and gives its exit code and what it logged.
fn end(mut child: Child) -> (Option<i32>, String) {
    let terminated = Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(terminated.success());
    let code = child.wait().unwrap().code();
    let mut log = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut log)
        .unwrap();
    (code, log)
}

#[cfg(unix)]
#[tokio::test]
async fn it_prints_its_base_url_serves_and_ends_cleanly_without_logging_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("backbone.sqlite");
    let mut child = program(&data, &["--client", "app:its:secret"]);
    let base = base_url(&mut child);
    assert!(base.starts_with("http://localhost:"), "{base}");
    let http = http();
    let login = http
        .post(format!("{base}/connect/token"))
        .form(&[
            ("grant_type", "password"),
            ("client_id", "app"),
            ("client_secret", "its:secret"),
            ("username", "USRaaaaaaaaaaaaaaaaa"),
            ("password", "hush-hush"),
        ])
        .send()
        .await
        .unwrap();
    assert_eq!(login.status(), 400);
    let login: serde_json::Value = login.json().await.unwrap();
    assert_eq!(login["error"], json!("invalid_grant"));
    let url = format!("{base}/api/v2/Tokens/TOKa?password=aHVzaA");
    http.get(url).send().await.unwrap();

    let (code, log) = end(child);
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("/api/v2/tokens/TOKa"), "{log}");
    for secret in ["hush-hush", "aHVzaA", "its:secret"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_second_one_on_the_same_file_ends_at_once_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("backbone.sqlite");
    let mut first = program(&data, &[]);
    base_url(&mut first);
    let second = program(&data, &[]).wait_with_output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(second.stdout.is_empty());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("is in use by another Backbone"), "{said}");
    assert!(said.contains("error.tessera.backbone.fileInUse"), "{said}");
    assert_eq!(end(first).0, Some(0));
}

#[cfg(unix)]
#[tokio::test]
async fn a_killed_one_leaves_a_file_that_the_next_one_opens() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("backbone.sqlite");
    let mut first = program(&data, &[]);
    let base = base_url(&mut first);
    let url = format!("{base}/api/v2/Challenges");
    assert_eq!(http().post(url).send().await.unwrap().status(), 201);
    first.kill().unwrap();
    first.wait().unwrap();
    let mut next = program(&data, &[]);
    assert!(base_url(&mut next).starts_with("http://localhost:"));
    assert_eq!(end(next).0, Some(0));
}

#[test]
fn a_client_must_have_an_id_and_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("backbone.sqlite");
    let output = program(&data, &["--client", "app"])
        .wait_with_output()
        .unwrap();
    assert!(!output.status.success());
    assert!(!data.exists());
}

#[test]
fn a_certificate_needs_its_key() {
    let [certificate, key] = tls_files();
    for arguments in [["--tls-cert", certificate], ["--tls-key", key]] {
        let output = program(Path::new("unused.sqlite"), &arguments).wait_with_output();
        assert_eq!(output.unwrap().status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn an_admin_port_needs_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("backbone.sqlite");
    for arguments in [
        &["--admin-port", "0"][..],
        &["--admin-port", "0", "--admin-key", ""],
    ] {
        let output = program(&data, arguments).wait_with_output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(!data.exists());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_calls_for_test_suites_are_there_only_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&[&str], u16); 3] = [
        (&[], 404),
        (&["--development"], 404),
        (&["--test-hooks"], 204),
    ];
    for (arguments, status) in cases {
        let data = folder.path().join("backbone.sqlite");
        let mut child = program(&data, arguments);
        let url = format!("{}/__test/runDeletionJob", base_url(&mut child));
        let reply = http().post(url).send().await.unwrap();
        assert_eq!(reply.status(), status, "{arguments:?}");
        assert_eq!(end(child).0, Some(0));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn listening_elsewhere_is_warned_of_and_loopback_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("backbone.sqlite");
    let [certificate, key] = tls_files();
    let encrypted = [
        "--listen",
        "0.0.0.0",
        "--tls-cert",
        certificate,
        "--tls-key",
        key,
    ];
    for (arguments, is_warned) in [
        (&["--listen", "0.0.0.0"][..], true),
        (&[], false),
        (&encrypted, false),
    ] {
        let mut child = program(&data, arguments);
        let health = format!("{}/health", base_url(&mut child));
        assert_eq!(health.starts_with("https"), arguments.len() > 2);
        let health = trusting_http().get(health);
        assert_eq!(health.send().await.unwrap().status(), 200);
        let (code, log) = end(child);
        assert_eq!(code, Some(0), "{log}");
        let warning = log.lines().find(|line| line.contains("WARN"));
        assert_eq!(warning.is_some(), is_warned, "{log}");
        assert!(warning.is_none_or(|line| line.contains("TLS")), "{log}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_configuration_is_read_or_said_to_be_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("backbone.sqlite");
    let file = folder.path().join("configuration.json");
    let arguments = ["--config", file.to_str().unwrap()];
    for (text, is_good) in [
        (
            r#"{"tags": {"supportedLanguages": ["de"], "tagsForAttributeValueTypes": {}}}"#,
            true,
        ),
        (r#"{"tag": {}}"#, false),
        ("{", false),
    ] {
        std::fs::write(&file, text).unwrap();
        if !is_good {
            let output = program(&data, &arguments).wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{text}");
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(said.contains("configuration.json"), "{said}");
            continue;
        }
        let mut child = program(&data, &arguments);
        let url = format!("{}/api/v2/Tags", base_url(&mut child));
        let tags: serde_json::Value = http().get(url).send().await.unwrap().json().await.unwrap();
        assert_eq!(tags["result"]["supportedLanguages"], json!(["de"]));
        assert_eq!(end(child).0, Some(0));
    }
}

#[test]
fn it_explains_itself_and_what_the_documentation_says_it_takes() {
    let help = Command::new(env!("CARGO_BIN_EXE_tessera-backbone"))
        .arg("--help")
        .output()
        .unwrap();
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/backbone.md");
    let page = std::fs::read_to_string(page).unwrap();
    let mut flags: Vec<&str> = help
        .split_whitespace()
        .filter(|word| word.starts_with("--"))
        .map(|word| word.trim_end_matches([',', ';', '.', ']']))
        .filter(|flag| !["--help", "--version"].contains(flag))
        .collect();
    flags.sort_unstable();
    flags.dedup();
    assert!(flags.len() > 10, "{help}");
    for flag in flags {
        assert!(
            page.contains(&format!("`{flag}")),
            "{flag} is not documented"
        );
    }
}

#[test]
fn no_room_at_the_start_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("backbone.sqlite");
    let output = program(&data, &["--max-data", "0"])
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("error.tessera.backbone.diskFull"), "{said}");
}

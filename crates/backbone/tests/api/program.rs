//! The program `tessera-backbone`.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::json;

use crate::common::http;

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

//! What can be typed wrongly. None of the answers repeats what may be a secret.

use std::process::{Command, Output};

use crate::stage::{run, told};

fn tessera(arguments: &[&str]) -> Output {
    run(Command::new(env!("CARGO_BIN_EXE_tessera")).args(arguments))
}

#[test]
fn wrong_usage_is_told_like_every_failure() {
    let cases: &[(&[&str], &str)] = &[
        (&[], "missing"),
        (&["profile", "show"], "missing: --data <DIR>"),
        (&["--data", "x"], "a command is missing"),
        (&["--data", "x", "profil"], "perhaps it should be: profile"),
        (
            &["--data", "x", "template", "S3CRET"],
            "a command is missing, or not one",
        ),
        (
            &["--data", "x", "profile", "create"],
            "missing: --name <NAME>",
        ),
        (
            &["--data", "x", "profile", "create", "--name", ""],
            "--name <NAME>",
        ),
        (
            &[
                "--data", "x", "profile", "create", "--name", "Ada", "--client", "S3CRET",
            ],
            "ID:SECRET",
        ),
        (&["--data", "x", "template", "load"], "missing"),
        (
            &["--data", "x", "template", "load", "S3CRET", "S3CRET"],
            "an argument too many",
        ),
        (
            &[
                "--data", "x", "template", "load", "S3CRET", "--qr", "code.png",
            ],
            "exclude each other",
        ),
        (
            &[
                "--data", "x", "template", "load", "S3CRET", "--pin", "47S3CRET",
            ],
            "a PIN has 4 to 16 digits",
        ),
        (
            &["--data", "x", "template", "load", "S3CRET", "--pin", "471"],
            "a PIN has 4 to 16 digits",
        ),
        (
            &[
                "--data",
                "x",
                "template",
                "load",
                "S3CRET",
                "--pin",
                "4711",
                "--password",
                "S3CRET",
            ],
            "exclude each other",
        ),
        (
            &[
                "--data",
                "x",
                "template",
                "load",
                "S3CRET",
                "--password",
                "",
            ],
            "--password <P>",
        ),
        (
            &[
                "--data",
                "x",
                "template",
                "load",
                "S3CRET",
                "--passwort=S3CRET",
            ],
            "unknown option --passwort",
        ),
        (
            &[
                "--data", "x", "template", "load", "S3CRET", "--pin", "4711", "--pin", "4712",
            ],
            "--pin <N>",
        ),
        (
            &[
                "--data",
                "x",
                "template",
                "create",
                "--content",
                "c",
                "--for",
                "S3CRET",
            ],
            "--for <ADDRESS>",
        ),
        (
            &[
                "--data",
                "x",
                "template",
                "create",
                "--content",
                "c",
                "--max-allocations",
                "0",
            ],
            "--max-allocations <N>",
        ),
        (
            &[
                "--data",
                "x",
                "template",
                "create",
                "--content",
                "c",
                "--expires-at",
                "tomorrow",
            ],
            "ISO 8601",
        ),
        (
            &["--data", "x", "request", "show", "REQ1"],
            "REQ… with 20 letters and digits",
        ),
        (
            &[
                "--data",
                "x",
                "relationship",
                "show",
                "REQ00000000000000000",
            ],
            "REL…",
        ),
    ];
    for (arguments, message) in cases {
        let told = told(&tessera(arguments));
        assert_eq!(told.code, "error.tessera.cli.usage", "{arguments:?}");
        assert!(
            told.message.contains(message),
            "{arguments:?}: {}",
            told.message
        );
        assert!(
            !told.message.contains("S3CRET"),
            "{arguments:?}: {}",
            told.message
        );
    }
}

#[test]
fn help_and_version_are_no_failures() {
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["help"],
        &["template", "load", "--help"],
    ] {
        let output = tessera(arguments);
        assert!(output.status.success(), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}");
        assert!(!output.stdout.is_empty(), "{arguments:?}");
    }
    let version = tessera(&["--version"]).stdout;
    assert_eq!(
        String::from_utf8(version).unwrap().trim(),
        format!("tessera {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_broken_output_is_a_failure() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tessera"));
    command
        .arg("--data")
        .arg(folder.path().join("x"))
        .args(["profile", "show"]);
    // Nobody reads what goes wrong: the exit code is left.
    let status = command
        .stdout(writer.try_clone().unwrap())
        .stderr(writer)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
}

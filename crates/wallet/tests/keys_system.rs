//! The keyring of a Linux desktop: the real one, on buses of its own.
//!
//! Each test starts itself again as a child in a session that it made: a private D-Bus, a private
//! home, and gnome-keyring in the state that the test is about. Nothing of the session of whoever
//! runs the tests is touched.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::{
    env,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    time::Duration,
};

use tempfile::TempDir;
use tessera_wallet::keys::{KeyError, Keyring, SystemKeyring};

/// Names the test that runs as a child, and which part of it.
const CHILD: &str = "TESSERA_KEYRING_TEST";

const NAME: &str = "AbCdEfGhIjKlMnOpQrSt";
const SECRET: [u8; 32] = [7; 32];

/// Starts a keyring that is unlocked with this password, then the child.
fn unlocked(password: &str) -> String {
    format!(
        "printf %s {password} | gnome-keyring-daemon --unlock --components=secrets >/dev/null
         exec \"$@\""
    )
}

/// A home, a runtime folder and perhaps a bus of its own.
struct Session(TempDir);

impl Session {
    fn new() -> Self {
        for program in ["dbus-run-session", "gnome-keyring-daemon"] {
            let found = env::split_paths(&env::var_os("PATH").unwrap())
                .any(|folder| folder.join(program).is_file());
            assert!(
                found,
                "{program} is missing: `./dev` installs it (packages dbus and gnome-keyring)"
            );
        }
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        fs::create_dir(&run).unwrap();
        fs::set_permissions(&run, Permissions::from_mode(0o700)).unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs a part of a test as a child of `program` in this session.
    fn run(&self, program: &[&str], test: &str, part: &str) {
        let mut words = program
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>();
        words.push(env::current_exe().unwrap().to_str().unwrap().to_owned());
        words.extend(["--exact", test, "--nocapture"].map(str::to_owned));
        let output = Command::new(&words[0])
            .args(&words[1..])
            .env(CHILD, format!("{test} {part}"))
            .env("HOME", self.path())
            .env("XDG_DATA_HOME", self.path().join("data"))
            .env("XDG_CONFIG_HOME", self.path().join("config"))
            .env("XDG_CACHE_HOME", self.path().join("cache"))
            .env("XDG_RUNTIME_DIR", self.path().join("run"))
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{test} {part} failed as a child:\n{said}\n{complained}"
        );
    }

    /// The same with a bus, and `script` to start what belongs on it.
    fn run_on_bus(&self, script: &str, test: &str, part: &str) {
        let program = ["dbus-run-session", "--", "bash", "-c", script, "bash"];
        self.run(&program, test, part);
    }
}

/// The part that this process is to run of `test`; `None` when it is the one to start the parts.
fn part_of(test: &str) -> Option<String> {
    let child = env::var(CHILD).ok()?;
    let (name, part) = child.split_once(' ').unwrap();
    assert_eq!(name, test);
    Some(part.to_owned())
}

fn keyring() -> SystemKeyring {
    SystemKeyring::with_timeout(Duration::from_secs(60))
}

#[test]
fn without_a_bus_the_keyring_is_missing() {
    let test = "without_a_bus_the_keyring_is_missing";
    let Some(_) = part_of(test) else {
        return Session::new().run(&["env"], test, "all");
    };
    let keyring = keyring();
    assert_eq!(keyring.state(), Err(KeyError::Missing));
    assert_eq!(keyring.get(NAME), Err(KeyError::Missing));
    assert_eq!(keyring.set(NAME, &SECRET), Err(KeyError::Missing));
    assert_eq!(keyring.delete(NAME), Err(KeyError::Missing));
}

#[test]
fn on_a_bus_without_a_secret_service_the_service_is_missing() {
    let test = "on_a_bus_without_a_secret_service_the_service_is_missing";
    let Some(_) = part_of(test) else {
        let session = Session::new();
        // Without folders of services nothing is started by being asked for.
        let config = session.path().join("bus.conf");
        let run = session.path().join("run");
        let text = format!(
            "<busconfig><type>session</type><listen>unix:tmpdir={}</listen>
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>
             <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            run.display()
        );
        fs::write(&config, text).unwrap();
        let config = format!("--config-file={}", config.display());
        return session.run(&["dbus-run-session", &config, "--"], test, "all");
    };
    let keyring = keyring();
    assert_eq!(keyring.state(), Err(KeyError::ServiceMissing));
    assert_eq!(keyring.get(NAME), Err(KeyError::ServiceMissing));
    assert_eq!(keyring.set(NAME, &SECRET), Err(KeyError::ServiceMissing));
}

#[test]
fn an_unlocked_keyring_keeps_gives_and_forgets() {
    let test = "an_unlocked_keyring_keeps_gives_and_forgets";
    let keyring = keyring();
    match part_of(test).as_deref() {
        None => {
            let session = Session::new();
            // Another process, another bus and another daemon find what the first one kept.
            session.run_on_bus(&unlocked("secret"), test, "keep");
            session.run_on_bus(&unlocked("secret"), test, "find");
        }
        Some("keep") => {
            assert_eq!(keyring.state(), Ok(()));
            assert_eq!(keyring.get(NAME), Ok(None));
            assert_eq!(keyring.delete(NAME), Ok(()), "nothing there is no error");
            keyring.set(NAME, b"an older one").unwrap();
            keyring.set(NAME, &SECRET).unwrap();
            assert_eq!(keyring.get(NAME).unwrap().unwrap().as_slice(), SECRET);
            assert_eq!(keyring.get("ZZZZZZZZZZZZZZZZZZZZ"), Ok(None));
        }
        Some(_) => {
            assert_eq!(keyring.get(NAME).unwrap().unwrap().as_slice(), SECRET);
            keyring.delete(NAME).unwrap();
            assert_eq!(keyring.get(NAME), Ok(None));
        }
    }
}

#[test]
fn the_keyring_can_be_called_within_an_asynchronous_program() {
    let test = "the_keyring_can_be_called_within_an_asynchronous_program";
    let Some(_) = part_of(test) else {
        return Session::new().run_on_bus(&unlocked("secret"), test, "all");
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // The library itself would panic: it starts a runtime within this one.
    runtime.block_on(async {
        keyring().set(NAME, &SECRET).unwrap();
        assert_eq!(keyring().get(NAME).unwrap().unwrap().as_slice(), SECRET);
    });
}

#[test]
fn a_locked_keyring_says_that_it_is_locked() {
    let test = "a_locked_keyring_says_that_it_is_locked";
    let keyring = keyring();
    match part_of(test).as_deref() {
        None => {
            let session = Session::new();
            session.run_on_bus(&unlocked("secret"), test, "keep");
            session.run_on_bus(&unlocked("wrong"), test, "locked");
            session.run_on_bus(&unlocked("secret"), test, "unlocked");
        }
        Some("keep") => keyring.set(NAME, &SECRET).unwrap(),
        Some("locked") => {
            assert_eq!(keyring.state(), Ok(()), "it can be reached");
            assert_eq!(keyring.get(NAME), Err(KeyError::Locked));
            assert_eq!(keyring.set(NAME, &[1; 32]), Err(KeyError::Locked));
        }
        Some(_) => assert_eq!(keyring.get(NAME).unwrap().unwrap().as_slice(), SECRET),
    }
}

#[test]
fn a_keyring_without_a_place_for_secrets_gives_none_and_keeps_none() {
    let test = "a_keyring_without_a_place_for_secrets_gives_none_and_keeps_none";
    let Some(_) = part_of(test) else {
        // The bus starts the daemon by itself when it is asked for; nobody has unlocked anything.
        return Session::new().run_on_bus("exec \"$@\"", test, "all");
    };
    let keyring = keyring();
    assert_eq!(keyring.get(NAME), Ok(None));
    assert_eq!(keyring.set(NAME, &SECRET), Err(KeyError::Denied));
}

#[test]
fn a_keyring_that_does_not_answer_is_given_up() {
    let test = "a_keyring_that_does_not_answer_is_given_up";
    let Some(_) = part_of(test) else {
        let script = "
            printf secret | gnome-keyring-daemon --foreground --unlock --components=secrets \
                >/dev/null &
            daemon=$!
            asks='--session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus'
            until dbus-send $asks.NameHasOwner string:org.freedesktop.secrets | grep -q true
            do sleep 0.05; done
            kill -STOP $daemon
            \"$@\"
            result=$?
            kill -KILL $daemon
            exit $result";
        return Session::new().run_on_bus(script, test, "all");
    };
    let keyring = SystemKeyring::with_timeout(Duration::from_millis(300));
    assert_eq!(keyring.state(), Err(KeyError::Timeout));
    assert_eq!(keyring.get(NAME), Err(KeyError::Timeout));
}

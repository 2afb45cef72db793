//! What the stories are played with: a Backbone, wallets, and what organisations ask.

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tessera_backbone::{Backbone, PasswordHashCost, Settings};
use tessera_core_types::{Clock, SystemClock, SystemRandomness};
use tessera_wallet::keys::{self, PasswordCost, Unlock};

pub const PIN: &str = "4711";

pub const PASSPHRASE: &str = "a passphrase for tests";

/// A Backbone and a folder for everything.
pub struct Stage {
    folder: TempDir,
    backbone: Backbone,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with_clock(Arc::new(SystemClock)).await
    }

    /// The same with a Backbone that has a clock of its own.
    pub async fn with_clock(clock: Arc<dyn Clock>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(folder.path().join("backbone.sqlite"));
        settings.clock = clock;
        settings.password_hash_cost = PasswordHashCost::LOWEST;
        let backbone = Backbone::start(settings).await.unwrap();
        Self { folder, backbone }
    }

    pub fn url(&self) -> String {
        self.backbone.base_url().trim_end_matches('/').to_owned()
    }

    /// A folder in which there is no wallet yet.
    pub fn nobody(&self, name: &str) -> Tessera {
        Tessera::new(self.folder.path().join(name))
    }

    /// A wallet with a profile of this name. Its key is there before it, as after an attempt that
    /// was interrupted: under a passphrase that costs next to nothing to try.
    pub fn wallet(&self, name: &str) -> Tessera {
        self.wallet_at(name, &self.url())
    }

    /// The same for one that knows the Backbone by another address.
    pub fn wallet_at(&self, name: &str, url: &str) -> Tessera {
        let tessera = self.nobody(name);
        let cost = PasswordCost::MINIMAL;
        keys::create(&tessera.data(), &tessera.unlock(), cost, &SystemRandomness).unwrap();
        let create = ["profile", "create", "--name", name, "--backbone"];
        let made = tessera.succeeds(&[&create[..], &[url]].concat());
        assert_eq!(made["name"], name);
        tessera
    }

    /// Ends the Backbone; the wallets stay as long as the folder.
    pub async fn stop(self) -> TempDir {
        self.backbone.stop().await;
        self.folder
    }
}

/// The program with the folder of one wallet.
pub struct Tessera {
    folder: PathBuf,
    /// All that the wallet told of itself, until something may have changed.
    told: RefCell<Option<Vec<Value>>>,
}

/// How a failure was told.
#[derive(Debug)]
pub struct Told {
    pub code: String,
    pub message: String,
    pub error: Value,
}

impl Tessera {
    pub fn new(folder: PathBuf) -> Self {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("passphrase"), format!("{PASSPHRASE}\n")).unwrap();
        Self {
            folder,
            told: RefCell::default(),
        }
    }

    /// What opens the wallet.
    pub fn unlock(&self) -> Unlock {
        Unlock::Passphrase(PASSPHRASE.into())
    }

    /// The folder of the wallet itself.
    pub fn data(&self) -> PathBuf {
        self.folder.join("wallet")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A file with this content; returns its path.
    pub fn file(&self, content: impl AsRef<[u8]>) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(format!("argument-{number}.json"));
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn json(&self, content: &Value) -> String {
        self.file(content.to_string())
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        run(&mut self.command(arguments))
    }

    /// As [`Tessera::run`], with everything that can be logged on standard error.
    pub fn run_with_log(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        command.env("RUST_LOG", "trace").output().unwrap()
    }

    /// The program with these arguments, ready to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.told.take();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tessera"));
        command
            .arg("--data")
            .arg(self.data())
            .arg("--passphrase-file")
            .arg(self.path("passphrase"))
            .args(arguments);
        command
    }

    /// The document that the program prints.
    pub fn succeeds(&self, arguments: &[&str]) -> Value {
        document(&self.run(arguments))
    }

    /// The failure that the program tells.
    pub fn fails(&self, arguments: &[&str]) -> Told {
        told(&self.run(arguments))
    }

    /// A failure that changes nothing of what the wallet knows.
    pub fn refuses(&self, arguments: &[&str]) -> Told {
        let before = self.told.take().unwrap_or_else(|| self.everything());
        let told = self.fails(arguments);
        let after = self.everything();
        assert_eq!(after, before, "{arguments:?} has left something");
        self.told.replace(Some(after));
        told
    }

    /// All that the wallet tells of itself.
    pub fn everything(&self) -> Vec<Value> {
        [
            &["profile", "show"][..],
            &["template", "list"],
            &["request", "list"],
            &["relationship", "list"],
            &["attribute", "list", "--all"],
            &["history"],
        ]
        .map(|command| self.succeeds(command))
        .to_vec()
    }

    pub fn address(&self) -> String {
        text(&self.succeeds(&["profile", "show"]), "address")
    }

    /// Keeps an attribute; returns its id.
    pub fn knows(&self, value_type: &str, value: &str) -> String {
        let file = self.json(&json!({ "@type": value_type, "value": value }));
        text(&self.succeeds(&["attribute", "add", &file]), "id")
    }

    /// Offers a template; returns it.
    pub fn offers(&self, content: &Value, further: &[&str]) -> Value {
        let file = self.json(content);
        let mut arguments = vec!["template", "create", "--content", &file];
        arguments.extend(further);
        self.succeeds(&arguments)
    }

    /// Loads what was offered with the PIN; returns the id of the Request.
    pub fn is_asked(&self, template: &Value) -> String {
        let loaded = self.succeeds(&["template", "load", &reference(template), "--pin", PIN]);
        assert_eq!(loaded["outcome"], "request");
        text(&loaded, "requestId")
    }

    pub fn decides(&self, request: &str, decision: &Value) -> Value {
        let file = self.json(decision);
        self.succeeds(&["request", "accept", request, "--decision", &file])
    }

    /// The only Relationship.
    pub fn relationship(&self) -> Value {
        let list = self.succeeds(&["relationship", "list"]);
        let list = list.as_array().unwrap();
        assert_eq!(list.len(), 1);
        list[0].clone()
    }

    pub fn syncs(&self) -> Value {
        self.succeeds(&["sync"])
    }
}

/// Runs the program where there is neither a log nor a keyring.
pub fn run(command: &mut Command) -> Output {
    command
        .env_remove("RUST_LOG")
        .env_remove("TESSERA_WALLET")
        .env_remove("XDG_RUNTIME_DIR")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .output()
        .unwrap()
}

/// Everything was printed as one document, and nothing else was said.
pub fn document(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said, "");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Exit code 1, nothing printed, and one line of JSON on standard error.
pub fn told(output: &Output) -> Told {
    let printed = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{printed}{said}");
    assert_eq!(printed, "");
    assert_eq!(said.lines().count(), 1, "{said}");
    let error = serde_json::from_str::<Value>(&said).unwrap()["error"].take();
    Told {
        code: text(&error, "code"),
        message: text(&error, "message"),
        error,
    }
}

pub fn text(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
        .to_owned()
}

/// What the QR code of a template holds.
pub fn reference(template: &Value) -> String {
    text(&template["reference"], "url")
}

/// What `values` of something are, in order.
pub fn values<'a>(list: &'a Value, pointer: &str) -> Vec<&'a Value> {
    let list = list.as_array().unwrap();
    list.iter()
        .map(|it| it.pointer(pointer).unwrap_or(&Value::Null))
        .collect()
}

pub fn exists(path: &Path) -> bool {
    path.try_exists().unwrap()
}

pub fn reads(value_type: &str, must_be_accepted: bool) -> Value {
    json!({
        "@type": "ReadAttributeRequestItem",
        "mustBeAccepted": must_be_accepted,
        "query": { "@type": "IdentityAttributeQuery", "valueType": value_type }
    })
}

pub fn asks(items: &[Value]) -> Value {
    json!({
        "@type": "RelationshipTemplateContent",
        "title": "Library card",
        "onNewRelationship": { "@type": "Request", "title": "Your library card", "items": items }
    })
}

/// Two attributes and an optional one, a consent, a confirmation.
pub fn library_card() -> Value {
    asks(&[
        reads("EMailAddress", true),
        json!({
            "@type": "RequestItemGroup",
            "title": "About you",
            "items": [reads("GivenName", true), reads("PhoneNumber", false)]
        }),
        json!({ "@type": "ConsentRequestItem", "mustBeAccepted": true, "consent": "I bring back what I borrow." }),
        json!({ "@type": "AuthenticationRequestItem", "title": "It is you", "mustBeAccepted": true }),
    ])
}

/// The answer to [`library_card`]: an e-mail address that is known, a name that is new.
pub fn answer(address: &str, mail: &str) -> Value {
    json!({ "items": [
        { "accept": true, "existingAttributeId": mail },
        { "items": [
            { "accept": true, "newAttribute": {
                "@type": "IdentityAttribute",
                "owner": address,
                "value": { "@type": "GivenName", "value": "Ada" }
            } },
            { "accept": false }
        ] },
        { "accept": true },
        { "accept": true }
    ] })
}

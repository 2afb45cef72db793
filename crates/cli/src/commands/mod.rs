//! What each command does: it opens the wallet, asks it one thing, and makes a document of the
//! answer. Nothing is decided here.

mod attribute;
mod contact;
mod file;
mod given;
mod history;
mod message;
mod outbox;
mod profile;
mod receipt;
mod relationship;
mod request;
mod template;

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use tessera_wallet::{
    Environment, Wallet,
    keys::{SystemKeyring, Unlock},
};

use crate::{
    arguments::{Arguments, Command, ProfileCommand},
    failure::Failure,
    files,
};

/// Does what was asked for; returns the document to print.
pub async fn run(arguments: Arguments) -> Result<Value, Failure> {
    let Arguments {
        data,
        passphrase_file,
        command,
    } = arguments;
    if data.exists() && !data.is_dir() {
        return Err(Failure::NoFolder { path: data });
    }
    let unlock = match passphrase_file {
        Some(file) => Unlock::Passphrase(files::read_passphrase(&file)?),
        None => Unlock::Keyring(Arc::new(SystemKeyring::default())),
    };
    let environment = Environment::system();
    if let Command::Profile(ProfileCommand::Create(new)) = command {
        return profile::create(&data, new, unlock, environment).await;
    }
    let wallet = Wallet::open(&data, unlock, environment).await?;
    let answer = answer(&wallet, command).await;
    close(&wallet).await;
    answer
}

/// Gives the folder back. What was done stays done when that fails.
async fn close(wallet: &Wallet) {
    if let Err(error) = wallet.close().await {
        tracing::warn!(code = %error.code(), "the wallet was not closed properly");
    }
}

async fn answer(wallet: &Wallet, command: Command) -> Result<Value, Failure> {
    match command {
        Command::Profile(_) => document(wallet.profile().await?),
        Command::Template(command) => template::run(wallet, command).await,
        Command::Request(command) => request::run(wallet, command).await,
        Command::File(command) => file::run(wallet, command).await,
        Command::Message(command) => message::run(wallet, command).await,
        Command::Relationship(command) => relationship::run(wallet, command).await,
        Command::Attribute(command) => attribute::run(wallet, command).await,
        Command::Receipt(command) => receipt::run(wallet, command).await,
        Command::Given(given) => given::run(wallet, given).await,
        Command::Contact(command) => contact::run(wallet, command).await,
        Command::Find { words, limit } => document(wallet.find(&words.join(" "), limit).await?),
        Command::Outbox(command) => outbox::run(wallet, command).await,
        Command::History => history::list(wallet).await,
        Command::Sync => document(wallet.sync().await?),
    }
}

/// Makes a document of what the wallet gives.
fn document(of: impl Serialize) -> Result<Value, Failure> {
    // Only maps with keys that are not text can't be JSON, and there are none.
    serde_json::to_value(of).map_err(|_| Failure::Unexpected)
}

/// The document with further properties.
fn with(mut document: Value, further: impl IntoIterator<Item = (String, Value)>) -> Value {
    if let Value::Object(properties) = &mut document {
        properties.extend(further);
    }
    document
}

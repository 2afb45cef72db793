//! Messages.

use serde_json::Value;
use tessera_content::MessageContent;
use tessera_wallet::Wallet;

use super::document;
use crate::{arguments::MessageCommand, failure::Failure, files};

pub async fn run(wallet: &Wallet, command: MessageCommand) -> Result<Value, Failure> {
    match command {
        MessageCommand::List { with: None } => document(wallet.messages().await?),
        MessageCommand::List { with: Some(peer) } => document(wallet.messages_with(&peer).await?),
        MessageCommand::Show { id } => document(wallet.message(&id).await?),
        MessageCommand::Send { to, content } => {
            let json = files::read_json(&content)?;
            let message = MessageContent::parse(&json).map_err(|source| Failure::Content {
                file: content,
                source,
            })?;
            document(wallet.send_message(&to, message).await?)
        }
    }
}

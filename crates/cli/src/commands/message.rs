//! Messages.

use serde_json::Value;
use tessera_content::MessageContent;
use tessera_wallet::Wallet;

use super::document;
use crate::{
    arguments::MessageCommand,
    failure::Failure,
    files::{self, NewFile},
};

pub async fn run(wallet: &Wallet, command: MessageCommand) -> Result<Value, Failure> {
    match command {
        MessageCommand::List { with: None } => document(wallet.messages().await?),
        MessageCommand::List { with: Some(peer) } => document(wallet.messages_with(&peer).await?),
        MessageCommand::Show { id } => document(wallet.message(&id).await?),
        MessageCommand::Send {
            to,
            content,
            attach,
        } => {
            let json = files::read_json(&content)?;
            let message = MessageContent::parse(&json).map_err(|source| Failure::Content {
                file: content,
                source,
            })?;
            let sent = wallet.send_message_with_files(&to, message, &attach);
            document(sent.await?)
        }
        MessageCommand::Again { number } => document(wallet.send_again(number).await?),
        MessageCommand::Deliveries { number } => {
            wallet.look_for_received(Some(number)).await?;
            document(wallet.message_detail(number).await?.deliveries)
        }
        MessageCommand::Read { id, undo } => {
            let number = wallet.message(&id).await?.number;
            wallet.set_message_read(number, !undo).await?;
            document(wallet.message(&id).await?)
        }
        MessageCommand::Attachment { id, file } => {
            let number = wallet.message(&id).await?.number;
            document(wallet.attachment_facts(number, &file).await?)
        }
        MessageCommand::Save { id, file, out } => {
            let number = wallet.message(&id).await?.number;
            let target = NewFile::prepare_new(&out)?;
            let fetched = wallet.download_attachment(number, &file, &|_, _| {});
            let (metadata, content) = fetched.await?;
            target.write(&content)?;
            Ok(super::file::described(&metadata))
        }
    }
}

//! What waits to be sent.

use serde_json::Value;
use tessera_wallet::Wallet;

use super::document;
use crate::{arguments::OutboxCommand, failure::Failure};

pub async fn run(wallet: &Wallet, command: OutboxCommand) -> Result<Value, Failure> {
    if let OutboxCommand::Retry { number } = command {
        wallet.retry_now(number).await?;
    }
    document(wallet.outbox_entries().await?)
}

//! What happened.

use serde_json::Value;
use tessera_wallet::Wallet;

use super::document;
use crate::failure::Failure;

pub async fn list(wallet: &Wallet) -> Result<Value, Failure> {
    document(wallet.history().await?)
}

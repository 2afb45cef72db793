//! What leaves the wallet, and how far it is.

use tessera_wallet::views::OutboxEntry;

use super::{Answer, TheApp};

/// What is held, waits or is being sent, the oldest first; then the newest of what failed and of what
/// was sent.
#[tauri::command]
pub async fn outbox_entries(app: TheApp<'_>) -> Answer<Vec<OutboxEntry>> {
    Ok(app.wallet().await?.outbox_entries().await?)
}

/// Tries to send something now, with all that has to go out before it.
#[tauri::command]
pub async fn retry_now(app: TheApp<'_>, number: i64) -> Answer<()> {
    Ok(app.wallet().await?.retry_now(number).await?)
}

//! Finding anything by its words.

use tessera_wallet::views::Found;

use super::{Answer, TheApp};

/// Contacts, values and Mails that have all these words, at most `limit` of each.
#[tauri::command]
pub async fn find(app: TheApp<'_>, text: String, limit: u32) -> Answer<Vec<Found>> {
    Ok(app.wallet().await?.find(&text, limit).await?)
}

//! Own Requests: asking contacts, and what they answered.

use serde_json::Value;
use tessera_core_types::{Address, RequestId};
use tessera_wallet::views::{DecisionCheck, SentPage, SentSearch, SentSummary};

use super::{Answer, TheApp};

/// What is wrong with a Request that is being written, as a tree of its shape.
#[tauri::command]
pub async fn check_request(
    app: TheApp<'_>,
    address: Address,
    request: Value,
) -> Answer<DecisionCheck> {
    let wallet = app.wallet().await?;
    let request = app.files.meant(&wallet, request).await?;
    Ok(wallet.check_request(&address, &request).await?)
}

/// Asks a contact; offline it waits.
#[tauri::command]
pub async fn send_request(
    app: TheApp<'_>,
    address: Address,
    request: Value,
) -> Answer<SentSummary> {
    let wallet = app.wallet().await?;
    let request = app.files.meant(&wallet, request).await?;
    let request = wallet.read_own_request(&request).await?;
    let sent = wallet.send_request(&address, request).await?;
    app.sync_soon();
    Ok(wallet.sent_request(&sent.id).await?.summary)
}

/// What of other Relationships can be shared with a contact: a
/// [`PassableEntries`](tessera_wallet::views::PassableEntries).
#[tauri::command]
pub async fn passable_entries(
    app: TheApp<'_>,
    address: Address,
    text: String,
    limit: u32,
) -> Answer<Value> {
    let wallet = app.wallet().await?;
    let found = wallet.passable_entries(&address, &text, limit).await?;
    app.files.shown(&found)
}

/// A page of the own Requests.
#[tauri::command]
pub async fn sent_requests(app: TheApp<'_>, search: SentSearch) -> Answer<SentPage> {
    Ok(app.wallet().await?.search_sent_requests(search).await?)
}

/// One of them, with the answer: a [`SentRequest`](tessera_wallet::views::SentRequest).
#[tauri::command]
pub async fn sent_request(app: TheApp<'_>, id: RequestId) -> Answer<Value> {
    let sent = app.wallet().await?.sent_request(&id).await?;
    app.files.shown(&sent)
}

/// What was being written to a contact and not sent.
#[tauri::command]
pub async fn ask_draft(app: TheApp<'_>, address: Address) -> Answer<Option<Value>> {
    let draft = app.wallet().await?.setting(&draft_of(&address)).await?;
    Ok(draft.filter(|draft| !draft.is_null()))
}

/// Keeps it, in the encrypted database; `None` forgets it.
#[tauri::command]
pub async fn save_ask_draft(app: TheApp<'_>, address: Address, draft: Option<Value>) -> Answer<()> {
    let draft = draft.unwrap_or(Value::Null);
    let wallet = app.wallet().await?;
    Ok(wallet.set_setting(&draft_of(&address), draft).await?)
}

fn draft_of(address: &Address) -> String {
    format!("ask.{address}")
}

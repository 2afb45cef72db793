//! Requests and their forms.

use serde_json::Value;
use tessera_content::Decision;
use tessera_core_types::RequestId;
use tessera_wallet::{
    Wallet,
    requests::Verdict,
    views::{DecisionCheck, RequestPage, RequestSearch, RequestSummary, SenderView},
};

use super::{Answer, TheApp};
use crate::app::App;

/// A page of the received Requests.
#[tauri::command]
pub async fn requests(app: TheApp<'_>, search: RequestSearch) -> Answer<RequestPage> {
    Ok(app.wallet().await?.search_requests(search).await?)
}

/// One Request as a form: a [`ConsentForm`](tessera_wallet::views::ConsentForm).
#[tauri::command]
pub async fn request_form(app: TheApp<'_>, id: RequestId) -> Answer<Value> {
    app.files.shown(&app.wallet().await?.form(&id).await?)
}

/// What is known about who sent a Request.
#[tauri::command]
pub async fn request_sender(app: TheApp<'_>, id: RequestId) -> Answer<SenderView> {
    Ok(app.wallet().await?.request_sender(&id).await?)
}

/// What is missing or wrong in a decision, as a tree of the Request's shape.
#[tauri::command]
pub async fn check_decision(
    app: TheApp<'_>,
    id: RequestId,
    decision: Value,
) -> Answer<DecisionCheck> {
    let wallet = app.wallet().await?;
    let decision = Decision::parse(&app.files.meant(&wallet, decision).await?)?;
    Ok(wallet.check(&id, &decision).await?)
}

/// Accepts and sends, after the time in which it can be taken back; offline it waits.
#[tauri::command]
pub async fn accept_request(
    app: TheApp<'_>,
    id: RequestId,
    decision: Value,
) -> Answer<RequestSummary> {
    let wallet = app.wallet().await?;
    let decision = Decision::parse(&app.files.meant(&wallet, decision).await?)?;
    decide(&app, &wallet, &id, Verdict::Accept, &decision).await
}

/// Rejects, with the reasons of a Decision that accepts nothing; it can be taken back as long.
#[tauri::command]
pub async fn reject_request(
    app: TheApp<'_>,
    id: RequestId,
    decision: Decision,
) -> Answer<RequestSummary> {
    let wallet = app.wallet().await?;
    decide(&app, &wallet, &id, Verdict::Reject, &decision).await
}

async fn decide(
    app: &App,
    wallet: &Wallet,
    id: &RequestId,
    verdict: Verdict,
    decision: &Decision,
) -> Answer<RequestSummary> {
    let held = wallet
        .hold(id, verdict, decision, app.undo_window())
        .await?;
    match held {
        Some(_) => app.held.notify_one(),
        None => app.sync_soon(),
    }
    Ok(wallet.form(id).await?.summary)
}

/// Takes back a decision that is not sent yet: the Request waits again.
#[tauri::command]
pub async fn take_back_decision(app: TheApp<'_>, id: RequestId) -> Answer<RequestSummary> {
    let wallet = app.wallet().await?;
    wallet.take_back(&id).await?;
    app.held.notify_one();
    Ok(wallet.form(&id).await?.summary)
}

/// Puts a Request away that can't be answered, or takes it up again.
#[tauri::command]
pub async fn dismiss_request(
    app: TheApp<'_>,
    id: RequestId,
    dismissed: bool,
) -> Answer<RequestSummary> {
    let wallet = app.wallet().await?;
    wallet.dismiss_request(&id, dismissed).await?;
    Ok(wallet.form(&id).await?.summary)
}

/// Keeps what was entered into a form that is not decided yet.
#[tauri::command]
pub async fn save_draft(app: TheApp<'_>, id: RequestId, draft: Value) -> Answer<()> {
    Ok(app.wallet().await?.save_draft(&id, draft).await?)
}

/// What was kept of a form.
#[tauri::command]
pub async fn draft(app: TheApp<'_>, id: RequestId) -> Answer<Option<Value>> {
    Ok(app.wallet().await?.draft(&id).await?)
}

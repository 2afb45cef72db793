//! What the person keeps of the past: receipts, and who has what; and putting it on this disk.

use serde::Deserialize;
use tauri::AppHandle;
use tessera_core_types::RequestId;
use tessera_paper::Paper;
use tessera_wallet::{
    given_as_csv,
    views::{GivenPage, GivenSearch, ReceiptPage, ReceiptSearch, ReceiptView},
};

use super::{
    Answer, TheApp,
    files::{downloads, save},
};
use crate::{error::ErrorView, views::SavedFileView};

/// Receipts, the newest first, a page at a time.
#[tauri::command]
pub async fn receipts(app: TheApp<'_>, search: ReceiptSearch) -> Answer<ReceiptPage> {
    Ok(app.wallet().await?.receipts(&search).await?)
}

/// One receipt.
#[tauri::command]
pub async fn receipt(app: TheApp<'_>, number: i64) -> Answer<ReceiptView> {
    Ok(app.wallet().await?.receipt_view(number).await?)
}

/// The newest receipt of a Request; none when it was decided before there were receipts.
#[tauri::command]
pub async fn receipt_of(app: TheApp<'_>, id: RequestId) -> Answer<Option<ReceiptView>> {
    let wallet = app.wallet().await?;
    Ok(match wallet.receipt_of(&id).await? {
        Some(number) => Some(wallet.receipt_view(number).await?),
        None => None,
    })
}

/// Puts a receipt into the folder for downloads, as JSON.
#[tauri::command]
pub async fn save_receipt(
    app: TheApp<'_>,
    handle: AppHandle,
    number: i64,
    filename: String,
) -> Answer<SavedFileView> {
    let receipt = app.wallet().await?.receipt(number).await?.document();
    save(
        &downloads(&handle)?,
        &filename,
        format!("{receipt:#}\n").as_bytes(),
    )
}

/// Who has what of the person's, a page at a time.
#[tauri::command]
pub async fn given(app: TheApp<'_>, search: GivenSearch) -> Answer<GivenPage> {
    Ok(app.wallet().await?.given(search).await?)
}

/// A form in which other programs read the list.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TableFormat {
    /// A table, with a line for each row.
    Csv,
    /// A list of objects.
    Json,
}

/// Puts all that is looked for, whatever the page, into the folder for downloads.
#[tauri::command]
pub async fn save_given(
    app: TheApp<'_>,
    handle: AppHandle,
    search: GivenSearch,
    format: TableFormat,
    filename: String,
) -> Answer<SavedFileView> {
    let entries = app.wallet().await?.all_given(search).await?;
    let content = match format {
        TableFormat::Csv => given_as_csv(&entries),
        TableFormat::Json => format!("{:#}\n", serde_json::json!(entries)),
    };
    save(&downloads(&handle)?, &filename, content.as_bytes())
}

/// Puts a document in the page's words into the folder for downloads, as PDF.
#[tauri::command]
pub async fn save_paper(
    handle: AppHandle,
    paper: Paper,
    filename: String,
) -> Answer<SavedFileView> {
    let pdf = tokio::task::spawn_blocking(move || tessera_paper::pdf(&paper))
        .await
        .map_err(|_| ErrorView::from(tessera_paper::PaperError::Failed))??;
    save(&downloads(&handle)?, &filename, &pdf)
}

//! Attached Files. The page names them by the Message's number and the File's id; the keys stay here.

use serde::Serialize;
use tauri::{
    AppHandle, Emitter,
    ipc::{Request, Response},
};
use tessera_core_types::FileId;
use tessera_wallet::{
    UploadProgress,
    views::{AttachmentView, FileFacts},
};

use super::{
    Answer, TheApp,
    files::{describe, downloads, save},
};
use crate::{
    error::ErrorView,
    preview,
    views::{SavedFileView, ShownText},
};

/// The name of the event that tells how far a file is.
const PROGRESS: &str = "transfer-progress";

/// How far a file is on its way.
#[derive(Serialize, Clone)]
#[serde(rename_all = "camelCase")]
struct TransferProgress<'a> {
    operation_id: &'a str,
    bytes: u64,
    of: u64,
}

/// What an attached file says about itself.
#[tauri::command]
pub async fn attachment_facts(app: TheApp<'_>, number: i64, file_id: FileId) -> Answer<FileFacts> {
    let wallet = app.wallet().await?;
    Ok(wallet.attachment_facts(number, &file_id).await?)
}

/// Makes an attached file one that can be attached to an own Message.
#[tauri::command]
pub async fn pass_on_attachment(
    app: TheApp<'_>,
    number: i64,
    file_id: FileId,
) -> Answer<FileFacts> {
    let wallet = app.wallet().await?;
    Ok(wallet.pass_on_attachment(number, &file_id).await?)
}

/// Encrypts a file and gives it to the Backbone, to be attached. Its bytes are the body of the call,
/// as for [`upload_file`](super::files::upload_file).
#[tauri::command]
pub async fn attach_file(
    app: TheApp<'_>,
    handle: AppHandle,
    request: Request<'_>,
) -> Answer<AttachmentView> {
    let file = describe(&request)?;
    let wallet = app.wallet().await?;
    let sending = telling(&handle, &file.operation_id);
    app.operations
        .run(file.operation_id, async {
            let (description, until) = (&file.description, file.expires_at);
            let uploaded = wallet.upload_file_telling(file.content, description, until, sending);
            let uploaded = uploaded.await?;
            let facts = wallet.attachable_file(&uploaded.id).await?;
            Ok(AttachmentView {
                file_id: uploaded.id,
                facts: Some(facts),
            })
        })
        .await
}

/// Fetches an attached file and puts it into the person's folder for downloads.
#[tauri::command]
pub async fn save_attachment(
    app: TheApp<'_>,
    handle: AppHandle,
    number: i64,
    file_id: FileId,
    operation_id: String,
) -> Answer<SavedFileView> {
    let folder = downloads(&handle)?;
    let wallet = app.wallet().await?;
    let name = operation_id.clone();
    app.operations
        .run(operation_id, async {
            let tell = |bytes, of| tell(&handle, &name, bytes, of);
            let fetched = wallet.download_attachment(number, &file_id, &tell).await?;
            let (metadata, content) = fetched;
            save(&folder, &metadata.filename, &content)
        })
        .await
}

/// An attached picture, as [`preview`] makes it.
#[tauri::command]
pub async fn attachment_picture(
    app: TheApp<'_>,
    handle: AppHandle,
    number: i64,
    file_id: FileId,
    operation_id: String,
) -> Answer<Response> {
    preview::picture(shown(&app, &handle, number, &file_id, operation_id).await?).await
}

/// How an attached text begins.
#[tauri::command]
pub async fn attachment_text(
    app: TheApp<'_>,
    handle: AppHandle,
    number: i64,
    file_id: FileId,
    operation_id: String,
) -> Answer<ShownText> {
    let content = shown(&app, &handle, number, &file_id, operation_id).await?;
    Ok(preview::text(&content))
}

/// The content of an attached file that is small enough to be shown.
async fn shown(
    app: &TheApp<'_>,
    handle: &AppHandle,
    number: i64,
    file_id: &FileId,
    operation_id: String,
) -> Result<Vec<u8>, ErrorView> {
    let wallet = app.wallet().await?;
    let facts = wallet.attachment_facts(number, file_id).await?;
    preview::can_be_shown(facts.filesize)?;
    let name = operation_id.clone();
    app.operations
        .run(operation_id, async {
            let tell = |bytes, of| tell(handle, &name, bytes, of);
            let (_, content) = wallet.download_attachment(number, file_id, &tell).await?;
            preview::content(&content)
        })
        .await
}

/// Tells the page how much of an upload is on its way.
pub(super) fn telling(handle: &AppHandle, operation_id: &str) -> UploadProgress {
    let (handle, name) = (handle.clone(), operation_id.to_owned());
    UploadProgress::new(move |bytes, of| tell(&handle, &name, bytes, of))
}

/// Tells the page how far a file is on its way.
pub(super) fn tell(handle: &AppHandle, operation_id: &str, bytes: u64, of: u64) {
    let progress = TransferProgress {
        operation_id,
        bytes,
        of,
    };
    if let Err(error) = handle.emit(PROGRESS, progress) {
        tracing::debug!(%error, "the page can't be told of progress");
    }
}

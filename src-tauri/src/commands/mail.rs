//! Messages: the mailbox, reading, writing.

use tessera_core_types::{Address, FileId, RequestId};
use tessera_wallet::views::{
    FileFacts, KeptDraft, MailDraft, MessageDetail, MessagePage, MessageSearch, RecipientsCheck,
};

use super::{Answer, TheApp};

/// A page of the mailbox.
#[tauri::command]
pub async fn mailbox(app: TheApp<'_>, search: MessageSearch) -> Answer<MessagePage> {
    Ok(app.wallet().await?.mailbox(&search).await?)
}

/// How many received Messages are unread.
#[tauri::command]
pub async fn unread_messages(app: TheApp<'_>) -> Answer<u32> {
    Ok(app.wallet().await?.unread_messages().await?)
}

/// One Message with everything known about it.
#[tauri::command]
pub async fn message(app: TheApp<'_>, number: i64) -> Answer<MessageDetail> {
    Ok(app.wallet().await?.message_detail(number).await?)
}

/// The Message in which a Request came or went.
#[tauri::command]
pub async fn message_of_request(app: TheApp<'_>, id: RequestId) -> Answer<Option<i64>> {
    Ok(app.wallet().await?.message_of_request(&id).await?)
}

/// Remembers that a Message was read, or is to be read once more.
#[tauri::command]
pub async fn set_message_read(app: TheApp<'_>, number: i64, is_read: bool) -> Answer<()> {
    let wallet = app.wallet().await?;
    Ok(wallet.set_message_read(number, is_read).await?)
}

/// The Mails that are being written, what was changed last first.
#[tauri::command]
pub async fn mail_drafts(app: TheApp<'_>) -> Answer<Vec<KeptDraft>> {
    Ok(app.wallet().await?.mail_drafts().await?)
}

/// One of them.
#[tauri::command]
pub async fn mail_draft(app: TheApp<'_>, id: i64) -> Answer<KeptDraft> {
    Ok(app.wallet().await?.mail_draft(id).await?)
}

/// Keeps a Mail that is being written; its id.
#[tauri::command]
pub async fn keep_mail_draft(app: TheApp<'_>, id: Option<i64>, draft: MailDraft) -> Answer<i64> {
    Ok(app.wallet().await?.keep_mail_draft(id, draft).await?)
}

/// Throws a draft away.
#[tauri::command]
pub async fn discard_mail_draft(app: TheApp<'_>, id: i64) -> Answer<()> {
    Ok(app.wallet().await?.discard_mail_draft(id).await?)
}

/// Sends a Mail in place of its draft; offline it waits. The Message's number.
#[tauri::command]
pub async fn send_mail(app: TheApp<'_>, mail: MailDraft, draft: Option<i64>) -> Answer<i64> {
    let sent = app.wallet().await?.send_mail(mail, draft).await?;
    app.sync_soon();
    Ok(sent.number)
}

/// What a File says about itself that can be attached.
#[tauri::command]
pub async fn attachable_file(app: TheApp<'_>, file_id: FileId) -> Answer<FileFacts> {
    Ok(app.wallet().await?.attachable_file(&file_id).await?)
}

/// Sends a Mail again that could finally not be sent, once; the new Message's number.
#[tauri::command]
pub async fn send_mail_again(app: TheApp<'_>, number: i64) -> Answer<i64> {
    let sent = app.wallet().await?.send_again(number).await?;
    app.sync_soon();
    Ok(sent.number)
}

/// Asks who has fetched an own Message by now, or the newest ones that are awaited; how many more
/// readers have.
#[tauri::command]
pub async fn look_for_received(app: TheApp<'_>, number: Option<i64>) -> Answer<u32> {
    Ok(app.wallet().await?.look_for_received(number).await?)
}

/// What is known to be in the way of a Message to these readers.
#[tauri::command]
pub async fn check_recipients(
    app: TheApp<'_>,
    recipients: Vec<Address>,
) -> Answer<RecipientsCheck> {
    Ok(app.wallet().await?.check_recipients(&recipients).await?)
}

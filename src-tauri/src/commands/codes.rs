//! Codes: reading them and opening what they lead to.

use tauri::ipc::{InvokeBody, Request};
use tessera_content::Reference;
use tessera_wallet::{keys::SecretText, views::LoadOutcome};

use super::{Answer, TheApp};
use crate::{
    app::App,
    error::ErrorView,
    views::{ReadCode, ReadCodes},
};

/// Reads a code from text that was pasted or typed.
#[tauri::command]
pub async fn read_text(app: TheApp<'_>, text: String) -> Answer<ReadCode> {
    keep(&app, &text).await
}

/// Reads the codes of a picture; its bytes are the body of the call.
#[tauri::command]
pub async fn read_image(app: TheApp<'_>, request: Request<'_>) -> Answer<ReadCodes> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(ErrorView::new(
            "error.tessera.shell.notBytes",
            "a picture is sent as bytes",
        ));
    };
    let bytes = bytes.clone();
    let found = tokio::task::spawn_blocking(move || tessera_scanner::read_image_bytes(&bytes))
        .await
        .map_err(|_| {
            ErrorView::new("error.tessera.scanner.failed", "the picture can't be read")
        })??;
    let mut codes = Vec::new();
    let mut refused = None;
    for code in found {
        match keep(&app, &code.text).await {
            Ok(code) => codes.push(code),
            Err(error) => refused = Some(error),
        }
    }
    match (codes.is_empty(), refused) {
        (false, _) => Ok(ReadCodes { codes }),
        (true, Some(error)) => Err(error),
        (true, None) => Err(ErrorView::new(
            "error.tessera.scanner.noCode",
            "there is no code in this picture",
        )),
    }
}

/// Opens a code. The password or PIN is wiped as soon as it was used.
#[tauri::command]
pub async fn open_code(
    app: TheApp<'_>,
    code_id: String,
    password: Option<String>,
    operation_id: String,
) -> Answer<LoadOutcome> {
    let password = password.map(SecretText::from);
    let reference = app.codes.get(&code_id).ok_or_else(|| {
        ErrorView::new(
            "error.tessera.shell.codeForgotten",
            "the code was read too long ago; read it again",
        )
    })?;
    let wallet = app.wallet().await?;
    app.operations
        .run(operation_id, async {
            Ok(wallet.load_template(&reference, password).await?)
        })
        .await
}

/// Cancels long work.
#[tauri::command]
pub async fn cancel(app: TheApp<'_>, operation_id: String) -> Answer<()> {
    app.operations.cancel(&operation_id);
    Ok(())
}

/// Reads a code, keeps it, and says what it is.
pub async fn keep(app: &App, text: &str) -> Answer<ReadCode> {
    let reference = Reference::parse(text)?;
    let code = app.wallet().await?.read_code(&reference).await?;
    Ok(ReadCode {
        code_id: app.codes.keep(reference),
        code,
    })
}

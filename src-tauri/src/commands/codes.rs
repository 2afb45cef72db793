//! Codes: reading them from text and pictures, and opening what they lead to.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tauri::{
    AppHandle, Emitter,
    ipc::{InvokeBody, Request, Response},
};
use tessera_content::Reference;
use tessera_scanner::{LumaPicture, PageCodes, Progress, ScanError, source::clipboard_picture};
use tessera_wallet::{
    keys::SecretText,
    views::{CodeOrigin, CodeView, LoadOutcome},
};

use super::{Answer, TheApp};
use crate::{
    app::App,
    captures,
    codes::Code,
    error::ErrorView,
    other_codes,
    reading::{self, Keep, Page},
    views::{CaptureView, ReadCode, ReadingProgress, ScannedCode},
};

/// The header that names the work, so that it can be cancelled: a body of bytes has no other room.
const OPERATION: &str = "operation-id";
/// Tells the page which page of a document is looked at.
const PROGRESS: &str = "reading-progress";

/// Reads a code from text that was pasted or typed.
#[tauri::command]
pub async fn read_text(app: TheApp<'_>, text: String) -> Answer<ScannedCode> {
    // A code of another kind is named; a sentence is none, and the reader of references says so.
    match keep(&app, &text, CodeOrigin::Text).await {
        Ok(code) => Ok(ScannedCode::Code(code)),
        Err(error) => match other_codes::known(&text) {
            Some(other) => Ok(ScannedCode::Other { other }),
            None => Err(error),
        },
    }
}

/// Says anew what a code is that was read before: after a profile was opened it is known whose
/// Backbone and identity it is for.
#[tauri::command]
pub async fn read_code(app: TheApp<'_>, code_id: String) -> Answer<ReadCode> {
    let Code { reference, .. } = kept(&app, &code_id)?;
    let code = describe(&app, &reference).await?;
    Ok(ReadCode { code_id, code })
}

/// The links that other programs handed over, each once.
#[tauri::command]
pub async fn arrived_links(app: TheApp<'_>) -> Answer<Vec<ScannedCode>> {
    let mut links = Vec::new();
    for link in app.links.take() {
        links.push(scanned(&app, link.expose(), CodeOrigin::Link).await);
    }
    Ok(links)
}

/// Reads the codes of a picture or document; its bytes are the body of the call. Tells of each page
/// of a document. The pictures are kept if there are several codes to choose from.
#[tauri::command]
pub async fn read_image(
    app: TheApp<'_>,
    handle: AppHandle,
    request: Request<'_>,
) -> Answer<CaptureView> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(ErrorView::new(
            "error.tessera.shell.notBytes",
            "a picture is sent as bytes",
        ));
    };
    let bytes = bytes.clone();
    let header = request.headers().get(OPERATION);
    let operation = header
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let name = operation.clone();
    app.operations
        .run(operation, async {
            let stop = StopOnDrop::default();
            let stopped = Arc::clone(&stop.0);
            let found = reading::blocking(move || {
                tessera_scanner::read_pages(&bytes, |at| {
                    tell(&handle, &name, at);
                    !stopped.load(Ordering::Relaxed)
                })
            })
            .await?;
            let of = (found.looked_at, found.of);
            let page = |PageCodes {
                            page,
                            picture,
                            codes,
                        }| Page {
                number: page,
                picture: Arc::new(picture),
                codes,
            };
            let pages = found.pages.into_iter().map(page).collect();
            reading::found(&app, pages, of, Keep::ToChoose, CodeOrigin::Picture).await
        })
        .await
}

/// Reads the codes of the picture on the clipboard.
#[tauri::command]
pub async fn read_clipboard(app: TheApp<'_>, operation_id: String) -> Answer<CaptureView> {
    app.operations
        .run(operation_id, async {
            let picture = reading::blocking(clipboard_picture).await?;
            reading::of_pictures(&app, vec![picture], Keep::ToChoose, CodeOrigin::Clipboard).await
        })
        .await
}

/// A picture of a capture as PNG, not larger than it needs to be to point at something.
#[tauri::command]
pub async fn captured_picture(
    app: TheApp<'_>,
    capture_id: String,
    page: usize,
) -> Answer<Response> {
    let (picture, _) = captured(&app, &capture_id, page)?;
    let png = reading::blocking(move || captures::shown(&picture).to_png()).await?;
    Ok(Response::new(png))
}

/// Reads the codes inside of a frame that was drawn on a captured picture: left, top, width and
/// height in parts (0 to 1) of the picture's.
#[tauri::command]
pub async fn read_region(
    app: TheApp<'_>,
    capture_id: String,
    page: usize,
    frame: [f64; 4],
    operation_id: String,
) -> Answer<CaptureView> {
    let (picture, origin) = captured(&app, &capture_id, page)?;
    let part = captures::part(&picture, frame).ok_or(ScanError::NoCode)?;
    app.operations
        .run(
            operation_id,
            reading::of_pictures(&app, vec![part], Keep::Nothing, origin),
        )
        .await
}

/// Forgets the pictures of the newest capture.
#[tauri::command]
pub async fn forget_capture(app: TheApp<'_>) -> Answer<()> {
    app.captures.forget();
    Ok(())
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
    let Code { reference, origin } = kept(&app, &code_id)?;
    let wallet = app.wallet().await?;
    app.operations
        .run(operation_id, async {
            let outcome = wallet.load_template(&reference, password).await?;
            if let LoadOutcome::Request { request_id } = &outcome {
                wallet.set_code_origin(request_id, origin).await?;
            }
            Ok(outcome)
        })
        .await
}

/// Cancels long work.
#[tauri::command]
pub async fn cancel(app: TheApp<'_>, operation_id: String) -> Answer<()> {
    app.operations.cancel(&operation_id);
    Ok(())
}

/// What came of the text of a code: named in any case, if it was in a picture even where it is no
/// more than some text.
pub async fn scanned(app: &App, text: &str, origin: CodeOrigin) -> ScannedCode {
    let is_in_a_picture = !matches!(origin, CodeOrigin::Link | CodeOrigin::Text);
    match keep(app, text, origin).await {
        Ok(code) => ScannedCode::Code(code),
        Err(error) => match other_codes::known(text) {
            Some(other) => ScannedCode::Other { other },
            None if is_in_a_picture && !is_meant_for_us(text) => ScannedCode::Other {
                other: other_codes::plain(text),
            },
            None => ScannedCode::Refused { error },
        },
    }
}

/// Whether a text that is no reference was to be one.
fn is_meant_for_us(text: &str) -> bool {
    let start: String = text.trim().chars().take(12).collect();
    let start = start.to_lowercase();
    [
        "nmshd:",
        "nmshd-dev:",
        "enmeshed:",
        "http",
        "ukxu",
        "ve9l",
        "rklm",
    ]
    .iter()
    .any(|known| start.starts_with(known))
}

/// Reads a code, keeps it, and says what it is.
async fn keep(app: &App, text: &str, origin: CodeOrigin) -> Answer<ReadCode> {
    let reference = Reference::parse(text)?;
    let code = describe(app, &reference).await?;
    Ok(ReadCode {
        code_id: app.codes.keep(Code { reference, origin }),
        code,
    })
}

async fn describe(app: &App, reference: &Reference) -> Answer<CodeView> {
    match app.wallet().await {
        Ok(wallet) => Ok(wallet.read_code(reference).await?),
        // It waits until there is a profile.
        Err(_) => Ok(CodeView::without_profile(reference)),
    }
}

fn kept(app: &App, code_id: &str) -> Answer<Code> {
    app.codes.get(code_id).ok_or_else(|| {
        ErrorView::new(
            "error.tessera.shell.codeForgotten",
            "the code was read too long ago; read it again",
        )
    })
}

fn captured(app: &App, id: &str, page: usize) -> Answer<(Arc<LumaPicture>, CodeOrigin)> {
    app.captures.picture(id, page).ok_or_else(|| {
        ErrorView::new(
            "error.tessera.shell.captureForgotten",
            "another picture was taken since",
        )
    })
}

fn tell(handle: &AppHandle, operation_id: &str, at: Progress) {
    let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
    let progress = ReadingProgress {
        operation_id: operation_id.to_owned(),
        page: number(at.page),
        of: number(at.of),
    };
    if let Err(error) = handle.emit(PROGRESS, progress) {
        tracing::debug!(%error, "the page can't be told of progress");
    }
}

/// Tells work on another thread to stop when nobody waits for it any more.
#[derive(Default)]
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

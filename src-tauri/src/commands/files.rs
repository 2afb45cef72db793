//! Files: giving them to the Backbone, looking at them, and putting them on this computer's disk.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use tauri::{
    AppHandle, Manager,
    ipc::{InvokeBody, Request, Response},
};
use tessera_content::Reference;
use tessera_core_types::{CoreDate, FileId};
use tessera_scanner::qr_svg;
use tessera_wallet::{
    FileDescription, Wallet,
    views::{FileFacts, ListedFile},
};

use super::{
    Answer, TheApp,
    attachments::{tell, telling},
};
use crate::{
    app::App,
    error::ErrorView,
    preview,
    views::{FileCode, SavedFileView, ShownText, UploadedFileView},
};

/// The header of the call that says what the bytes are.
const DESCRIPTION: &str = "x-file";
/// Longest name a file gets on this disk, in characters.
const LONGEST_NAME: usize = 120;
/// How many files of one name are kept beside each other.
const MOST_ALIKE: u32 = 1000;

/// What the page says about a file that it gives.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    operation_id: String,
    filename: String,
    mimetype: String,
    title: Option<String>,
    /// When the Backbone deletes it; never, if it is left out.
    expires_at: Option<CoreDate>,
}

/// A file as the page gives it.
pub(super) struct GivenFile<'a> {
    /// The name of the work.
    pub operation_id: String,
    /// What it is.
    pub description: FileDescription,
    /// When the Backbone deletes it; `None` for never.
    pub expires_at: Option<CoreDate>,
    /// Its bytes.
    pub content: &'a [u8],
}

/// Encrypts a file and gives it to the Backbone. Its bytes are the body of the call; what it is
/// stands in a header, as JSON in base64url.
#[tauri::command]
pub async fn upload_file(
    app: TheApp<'_>,
    handle: AppHandle,
    request: Request<'_>,
) -> Answer<UploadedFileView> {
    let file = describe(&request)?;
    let wallet = app.wallet().await?;
    let sending = telling(&handle, &file.operation_id);
    app.operations
        .run(file.operation_id, async {
            let (description, until) = (&file.description, file.expires_at);
            let uploaded = wallet.upload_file_telling(file.content, description, until, sending);
            let uploaded = uploaded.await?;
            Ok(UploadedFileView {
                id: uploaded.id,
                expires_at: uploaded.expires_at,
            })
        })
        .await
}

/// The file that is in a call.
pub(super) fn describe<'a>(request: &'a Request<'_>) -> Result<GivenFile<'a>, ErrorView> {
    let not_bytes = || ErrorView::new("error.tessera.shell.notBytes", "a file is sent as bytes");
    let InvokeBody::Raw(content) = request.body() else {
        return Err(not_bytes());
    };
    let header = request.headers().get(DESCRIPTION).ok_or_else(not_bytes)?;
    let described = URL_SAFE_NO_PAD
        .decode(header.as_bytes())
        .map_err(|_| not_bytes())?;
    let described: Described = serde_json::from_slice(&described).map_err(|_| not_bytes())?;
    let description = FileDescription {
        filename: described.filename,
        mimetype: described.mimetype,
        title: described.title,
        ..FileDescription::default()
    };
    Ok(GivenFile {
        operation_id: described.operation_id,
        description,
        expires_at: described.expires_at,
        content,
    })
}

/// What a file says about itself. `id` is that of a file that the page was shown or has given.
#[tauri::command]
pub async fn file_facts(app: TheApp<'_>, id: String) -> Answer<FileFacts> {
    let wallet = app.wallet().await?;
    let reference = reference(&app, &wallet, &id).await?;
    Ok(wallet.file_facts(&reference).await?)
}

/// Where a file is. What a person typed as one, and is none, stands as it is in their data.
async fn reference(app: &App, wallet: &Wallet, id: &str) -> Result<Reference, ErrorView> {
    match FileId::parse(id) {
        Ok(id) => app.files.reference(wallet, &id).await,
        Err(_) => Ok(Reference::parse(id)?),
    }
}

/// Fetches a file, opens it, and puts it into the person's folder for downloads. One that is there
/// under its name stays.
#[tauri::command]
pub async fn save_file(
    app: TheApp<'_>,
    handle: AppHandle,
    id: String,
    operation_id: String,
) -> Answer<SavedFileView> {
    let folder = downloads(&handle)?;
    let wallet = app.wallet().await?;
    let reference = reference(&app, &wallet, &id).await?;
    let name = operation_id.clone();
    app.operations
        .run(operation_id, async {
            let tell = |bytes, of| tell(&handle, &name, bytes, of);
            let fetched = wallet.download_file_telling(&reference, &tell).await?;
            let (metadata, content) = fetched;
            save(&folder, &metadata.filename, &content)
        })
        .await
}

/// The Files that were given to the Backbone here, taken over, or are passed on; the newest first.
#[tauri::command]
pub async fn files(app: TheApp<'_>) -> Answer<Vec<ListedFile>> {
    Ok(app.wallet().await?.files().await?)
}

/// The picture in a file, as [`preview`] makes it.
#[tauri::command]
pub async fn file_picture(
    app: TheApp<'_>,
    handle: AppHandle,
    id: String,
    operation_id: String,
) -> Answer<Response> {
    preview::picture(shown(&app, &handle, &id, operation_id).await?).await
}

/// How the text in a file begins.
#[tauri::command]
pub async fn file_text(
    app: TheApp<'_>,
    handle: AppHandle,
    id: String,
    operation_id: String,
) -> Answer<ShownText> {
    Ok(preview::text(
        &shown(&app, &handle, &id, operation_id).await?,
    ))
}

/// The content of a file that is small enough to be shown.
async fn shown(
    app: &App,
    handle: &AppHandle,
    id: &str,
    operation_id: String,
) -> Result<Vec<u8>, ErrorView> {
    let wallet = app.wallet().await?;
    let reference = reference(app, &wallet, id).await?;
    let name = operation_id.clone();
    app.operations
        .run(operation_id, async {
            let facts = wallet.file_facts(&reference).await?;
            preview::can_be_shown(facts.filesize)?;
            let tell = |bytes, of| tell(handle, &name, bytes, of);
            let fetched = wallet.download_file_telling(&reference, &tell).await?;
            preview::content(&fetched.1)
        })
        .await
}

/// The code of a file that was given to the Backbone here, or is passed on. It is made for the page when the person shares the file, and not before.
#[tauri::command]
pub async fn file_code(app: TheApp<'_>, file_id: FileId) -> Answer<FileCode> {
    let link = app.wallet().await?.file_link(&file_id).await?;
    Ok(FileCode {
        qr_svg: qr_svg(link.url.expose())?,
        url: link.url.expose().to_owned(),
    })
}

/// The person's folder for downloads.
pub(super) fn downloads(handle: &AppHandle) -> Result<PathBuf, ErrorView> {
    let paths = handle.path();
    // Systems without a desktop name none; people look for it here.
    let at_home = || paths.home_dir().map(|home| home.join("Downloads"));
    paths.download_dir().or_else(|_| at_home()).map_err(|_| {
        ErrorView::new(
            "error.tessera.shell.noDownloads",
            "the system names no folder for downloads",
        )
    })
}

/// Puts a file into a folder, under the name that its owner gave it or one like it.
pub(super) fn save(folder: &Path, name: &str, content: &[u8]) -> Result<SavedFileView, ErrorView> {
    let path = store(folder, &safe_name(name), content).map_err(|_| {
        ErrorView::new(
            "error.tessera.shell.fileNotSaved",
            "the file can't be written into the folder for downloads",
        )
    })?;
    Ok(SavedFileView {
        path: path.to_string_lossy().into_owned(),
    })
}

/// Writes a new file; with a number in its name if there is one already.
fn store(folder: &Path, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    for number in 1..=MOST_ALIKE {
        let path = folder.join(match number {
            1 => name.to_owned(),
            _ => format!("{stem} ({number}){extension}"),
        });
        let opened = OpenOptions::new().write(true).create_new(true).open(&path);
        match opened {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(mut file) => {
                let written = file.write_all(content).and_then(|()| file.sync_all());
                if written.is_err() {
                    drop(file);
                    let _ = std::fs::remove_file(&path);
                }
                return written.map(|()| path);
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// The name that the file's owner gave it, as far as it can do no harm as one on this disk: no
/// folders, nothing hidden, nothing that the system takes for something else.
fn safe_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|character| {
            let turns_text = matches!(character, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            !character.is_control() && !turns_text && !"<>:\"|?*".contains(*character)
        })
        .collect();
    let kept = kept.trim_matches(|character: char| character == '.' || character.is_whitespace());
    let (stem, extension) = kept.rsplit_once('.').unwrap_or((kept, ""));
    let extension: String = extension.chars().take(20).collect();
    let stem: String = stem.chars().take(LONGEST_NAME).collect();
    let is_device = ["con", "prn", "aux", "nul"].contains(&stem.to_lowercase().as_str())
        || (stem.len() == 4
            && ["com", "lpt"].contains(&stem[..3].to_lowercase().as_str())
            && stem.ends_with(|digit: char| digit.is_ascii_digit()));
    match (stem.is_empty() || is_device, extension.is_empty()) {
        (true, true) => "file".to_owned(),
        (true, false) => format!("file.{extension}"),
        (false, true) => stem,
        (false, false) => format!("{stem}.{extension}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_name_from_elsewhere_stays_in_its_folder() {
        for (given, kept) in [
            ("card.pdf", "card.pdf"),
            ("Über uns, 2. Teil.txt", "Über uns, 2. Teil.txt"),
            ("../../.bashrc", "bashrc"),
            ("C:\\Windows\\system.ini", "system.ini"),
            ("/etc/passwd", "passwd"),
            (".hidden", "hidden"),
            ("", "file"),
            ("...", "file"),
            ("NUL.txt", "file.txt"),
            ("com1", "file"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\nb<c>.png", "abc.png"),
            ("é12", "é12"),
        ] {
            assert_eq!(safe_name(given), kept, "{given:?}");
        }
        assert!(safe_name(&"a".repeat(5000)).len() <= LONGEST_NAME);
        assert!(safe_name(&format!("a.{}", "é".repeat(5000))).len() < 100);
    }

    #[test]
    fn a_file_never_replaces_another() {
        let folder = tempfile::tempdir().unwrap();
        let write = |content: &[u8]| store(folder.path(), "card.pdf", content).unwrap();
        assert_eq!(write(b"one"), folder.path().join("card.pdf"));
        assert_eq!(write(b"two"), folder.path().join("card (2).pdf"));
        assert_eq!(
            std::fs::read(folder.path().join("card.pdf")).unwrap(),
            b"one"
        );
        assert_eq!(
            store(folder.path(), "card", b"x").unwrap(),
            folder.path().join("card")
        );
        assert_eq!(
            store(folder.path(), "card", b"x").unwrap(),
            folder.path().join("card (2)")
        );
    }
}

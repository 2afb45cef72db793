//! The profile, settings, synchronisation, links.

use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;
use tessera_wallet::{
    keys::SecretText,
    views::{SyncReport, SyncStatus},
};

use super::{Answer, TheApp};
use crate::{
    attention::{self, Attention},
    error::ErrorView,
    views::{AppState, BackboneChoice, Settings},
};

/// Where the program stands.
#[tauri::command]
pub async fn app_state(app: TheApp<'_>) -> Answer<AppState> {
    Ok(app.state().await)
}

/// Makes a profile; the page shows that it takes a moment.
#[tauri::command]
pub async fn create_profile(
    app: TheApp<'_>,
    name: String,
    app_password: Option<String>,
    backbone: BackboneChoice,
) -> Answer<AppState> {
    app.create_profile(name, app_password.map(SecretText::from), backbone)
        .await?;
    Ok(app.state().await)
}

/// Opens the profile with the app password, or tries the keyring again.
#[tauri::command]
pub async fn unlock(app: TheApp<'_>, app_password: Option<String>) -> Answer<AppState> {
    app.unlock_profile(app_password.map(SecretText::from))
        .await?;
    Ok(app.state().await)
}

/// Keeps what the person set.
#[tauri::command]
pub async fn set_settings(app: TheApp<'_>, settings: Settings) -> Answer<Settings> {
    app.set_settings(settings.clone())?;
    Ok(settings)
}

/// Shows in the tray what waits, and raises a notification about it. Not `async`: that runs it on
/// the main thread.
#[tauri::command]
pub fn show_attention(handle: AppHandle, attention: Attention) {
    attention::show(&handle, &attention);
}

/// Synchronises now.
#[tauri::command]
pub async fn sync(app: TheApp<'_>) -> Answer<SyncReport> {
    Ok(app.wallet().await?.sync().await?)
}

/// How synchronisation is doing.
#[tauri::command]
pub async fn sync_status(app: TheApp<'_>) -> Answer<SyncStatus> {
    Ok(app.wallet().await?.sync_status().await?)
}

/// Opens a link in the system's browser, after the person saw it whole and pressed it.
#[tauri::command]
pub async fn open_link(handle: AppHandle, url: String) -> Answer<()> {
    let is_web = ["https://", "http://"].iter().any(|scheme| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    if !is_web || url.chars().any(char::is_control) {
        return Err(ErrorView::new(
            "error.tessera.shell.linkRefused",
            "only http and https links are opened",
        ));
    }
    handle.opener().open_url(url, None::<&str>).map_err(|_| {
        ErrorView::new(
            "error.tessera.shell.linkNotOpened",
            "the system has no program for this link",
        )
    })
}

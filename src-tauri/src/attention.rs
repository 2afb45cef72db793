//! What asks for a person's attention outside the window: an icon in the tray of the system, and
//! notifications.
//!
//! Anybody may look at a screen. So both say that something waits, and how much, and never who asks
//! or what for. The words are the page's, which knows the language.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
};

use notify_rust::Notification;
use serde::Deserialize;
use tauri::{
    AppHandle, Manager, Wry,
    menu::{Menu, MenuItem},
    tray::{TrayIcon, TrayIconBuilder},
};
use ts_rs::TS;

use crate::links;

const OPEN: &str = "open";
const QUIT: &str = "quit";

/// What the page wants to be seen.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Attention {
    /// How much waits for the person.
    pub count: u32,
    /// The same in words, for the tray.
    pub label: String,
    /// The word for opening the window.
    pub open: String,
    /// The word for ending the program.
    pub quit: String,
    /// What a notification says, if there should be one.
    pub notice: Option<Notice>,
}

/// A notification.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Notice {
    /// Its heading.
    pub title: String,
    /// Its text.
    pub body: String,
}

/// The icon in the tray, once there is one.
#[derive(Default)]
pub struct Tray(Mutex<TrayState>);

#[derive(Default)]
enum TrayState {
    #[default]
    NotTried,
    /// This system has none.
    Missing,
    There(Box<Icon>),
}

struct Icon {
    icon: TrayIcon<Wry>,
    label: MenuItem<Wry>,
    open: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

impl Tray {
    /// Whether the person can come back to a hidden window by it.
    pub fn is_there(&self) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(*state, TrayState::There(_))
    }
}

/// Shows what waits. Called on the main thread: the systems' trays want that.
pub fn show(handle: &AppHandle, attention: &Attention) {
    let tray = handle.state::<Tray>();
    let mut state = tray.0.lock().unwrap_or_else(PoisonError::into_inner);
    if matches!(*state, TrayState::NotTried) {
        *state = make(handle, attention)
            .map_or(TrayState::Missing, |icon| TrayState::There(Box::new(icon)));
    }
    if let TrayState::There(icon) = &*state
        && let Err(error) = icon.show(attention)
    {
        tracing::debug!(%error, "the tray keeps what it shows");
    }
    drop(state);
    if let Some(notice) = &attention.notice
        && !is_looked_at(handle)
    {
        notify(handle, notice);
    }
}

impl Icon {
    fn show(&self, attention: &Attention) -> tauri::Result<()> {
        self.label.set_text(&attention.label)?;
        self.open.set_text(&attention.open)?;
        self.quit.set_text(&attention.quit)?;
        self.icon.set_tooltip(Some(&attention.label))?;
        let count = (attention.count > 0).then(|| attention.count.to_string());
        // Beside the icon; Windows has no place for it there.
        self.icon.set_title(count)
    }
}

/// Makes the icon; `None` on a system without a tray.
fn make(handle: &AppHandle, attention: &Attention) -> Option<Icon> {
    // On Linux a missing library of the system is a panic there.
    let made = catch_unwind(AssertUnwindSafe(|| build(handle, attention)));
    match made {
        Ok(Ok(icon)) => Some(icon),
        Ok(Err(error)) => {
            tracing::info!(%error, "no icon in the tray");
            None
        }
        Err(_) => {
            tracing::info!("this system has no tray");
            None
        }
    }
}

fn build(handle: &AppHandle, attention: &Attention) -> tauri::Result<Icon> {
    let item = |id, text: &str, enabled| MenuItem::with_id(handle, id, text, enabled, None::<&str>);
    let label = item("label", &attention.label, false)?;
    let open = item(OPEN, &attention.open, true)?;
    let quit = item(QUIT, &attention.quit, true)?;
    let menu = Menu::with_items(handle, &[&label, &open, &quit])?;
    let mut builder = TrayIconBuilder::with_id("tessera")
        .menu(&menu)
        .on_menu_event(|handle, event| match event.id().as_ref() {
            OPEN => links::announce(handle, false),
            QUIT => handle.exit(0),
            _ => {}
        });
    if let Some(icon) = handle.default_window_icon() {
        builder = builder.icon(icon.clone());
    }
    Ok(Icon {
        icon: builder.build(handle)?,
        label,
        open,
        quit,
    })
}

/// Whether the person works in the window: then it says itself what is new.
fn is_looked_at(handle: &AppHandle) -> bool {
    let windows = handle.webview_windows();
    windows
        .values()
        .any(|window| window.is_focused().unwrap_or(false))
}

/// Raises a notification; pressing it opens the window. A system that shows none is no failure:
/// the window and the tray say it as well.
fn notify(handle: &AppHandle, notice: &Notice) {
    let mut notification = Notification::new();
    notification
        .appname("Tessera")
        .icon("org.tessera.wallet")
        .summary(&notice.title)
        .body(&notice.body);
    let handle = handle.clone();
    // It is waited for until it is gone.
    let waiting = std::thread::Builder::new()
        .name("notification".to_owned())
        .spawn(move || raise(&handle, &mut notification));
    if let Err(error) = waiting {
        tracing::info!(%error, "no notification");
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn raise(handle: &AppHandle, notification: &mut Notification) {
    match notification.action("default", "default").show() {
        Ok(shown) => shown.wait_for_action(|action| {
            if action == "default" {
                links::announce(handle, false);
            }
        }),
        Err(error) => tracing::info!(%error, "this system shows no notifications"),
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn raise(_handle: &AppHandle, notification: &mut Notification) {
    if let Err(error) = notification.show() {
        tracing::info!(%error, "this system shows no notifications");
    }
}

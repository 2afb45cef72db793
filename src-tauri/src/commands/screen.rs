//! The screens: their pictures come here, in memory, and the page shows them to choose from.

use std::time::Duration;

use tauri::WebviewWindow;
use tessera_scanner::source::screens;
use tessera_wallet::views::CodeOrigin;

use super::{Answer, TheApp};
use crate::{
    reading::{self, Keep},
    views::CaptureView,
};

/// How long a desktop takes to draw what was behind a window.
const UNCOVERED: Duration = Duration::from_millis(350);

/// Takes a picture of all screens without this window, and looks for codes in it.
#[tauri::command]
pub async fn capture_screens(
    app: TheApp<'_>,
    window: WebviewWindow,
    operation_id: String,
) -> Answer<CaptureView> {
    app.operations
        .run(operation_id, async {
            let taken = {
                let _hidden = Hidden::hide(&window);
                tokio::time::sleep(UNCOVERED).await;
                reading::blocking(screens).await?
            };
            let pictures = taken.into_iter().map(|screen| screen.picture).collect();
            reading::of_pictures(&app, pictures, Keep::ToFrame, CodeOrigin::Screen).await
        })
        .await
}

/// A window that is out of sight as long as this lives.
struct Hidden<'a> {
    window: &'a WebviewWindow,
    place: Option<tauri::PhysicalPosition<i32>>,
}

impl<'a> Hidden<'a> {
    fn hide(window: &'a WebviewWindow) -> Self {
        let place = window.outer_position().ok();
        if let Err(error) = window.hide() {
            tracing::debug!(%error, "the window stays in the picture");
        }
        Self { window, place }
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        let shown = self.window.show().and_then(|()| {
            // Some desktops give a window that comes back another place.
            if let Some(place) = self.place {
                self.window.set_position(place)?;
            }
            self.window.set_focus()
        });
        if let Err(error) = shown {
            tracing::warn!(%error, "the window does not come back");
        }
    }
}

//! The shell of Tessera: the window and the commands between the page and the core.

/// Starts the window and returns when it was closed.
pub fn run() {
    tauri::Builder::default()
        .run(tauri::generate_context!())
        .expect("the window can be opened");
}

//! The desktop program.

// No console window beside the window on Windows.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Err(error) = without_remote_control() {
        eprintln!("tessera-desktop: {error}");
        return ExitCode::FAILURE;
    }
    match tessera_shell::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tessera-desktop: the window can't be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A release does not let itself be driven or inspected by whoever sets these variables. They are
/// read when the window is made, so the program starts itself again without them.
#[cfg(all(unix, not(debug_assertions), not(feature = "e2e")))]
fn without_remote_control() -> std::io::Result<()> {
    use std::os::unix::process::CommandExt;

    const VARIABLES: [&str; 3] = [
        "TAURI_WEBVIEW_AUTOMATION",
        "WEBKIT_INSPECTOR_SERVER",
        "WEBKIT_INSPECTOR_HTTP_SERVER",
    ];
    if VARIABLES
        .iter()
        .all(|name| std::env::var_os(name).is_none())
    {
        return Ok(());
    }
    let mut again = std::process::Command::new(std::env::current_exe()?);
    again.args(std::env::args_os().skip(1));
    for name in VARIABLES {
        again.env_remove(name);
    }
    Err(again.exec())
}

/// Debug builds are driven by the tests.
#[cfg(not(all(unix, not(debug_assertions), not(feature = "e2e"))))]
#[expect(clippy::unnecessary_wraps, reason = "the other build can fail")]
fn without_remote_control() -> std::io::Result<()> {
    Ok(())
}

//! What is on the screens: asked of the X server, or, where programs may not look at each other, of
//! the desktop's portal, which asks the person.

#[cfg(target_os = "linux")]
mod portal;
#[cfg(target_os = "linux")]
mod x11;

use crate::{LumaPicture, ScanError};

/// A screen, or all of them where the portal does not tell them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// What the system calls it; empty if it does not say.
    pub name: String,
    /// Where its left edge is, in pixels, among the other screens.
    pub left: i32,
    /// Where its top edge is.
    pub top: i32,
    /// What is on it.
    pub picture: LumaPicture,
}

/// Pictures of all screens, now. They stay in memory. Where the portal asks the person, this waits
/// for the answer.
///
/// # Errors
///
/// [`ScanError::ScreenUnavailable`] without a display or a portal, [`ScanError::ScreenRefused`] when
/// the person says no, and as [`read_picture`](crate::read_picture).
pub fn screens() -> Result<Vec<Screen>, ScanError> {
    #[cfg(target_os = "linux")]
    {
        // An X server under Wayland shows nothing of the other programs.
        if std::env::var_os("WAYLAND_DISPLAY").is_some() {
            portal::screens()
        } else {
            x11::screens(None)
        }
    }
    #[cfg(not(target_os = "linux"))]
    Err(ScanError::ScreenUnavailable)
}

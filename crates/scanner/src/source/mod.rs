//! Where frames come from.

#[cfg(feature = "camera")]
mod camera;
#[cfg(feature = "clipboard")]
mod clipboard;
mod image_source;
mod recording;
#[cfg(feature = "screen")]
mod screen;

#[cfg(feature = "camera")]
pub use camera::{CameraInfo, CameraSource, cameras};
#[cfg(feature = "clipboard")]
pub use clipboard::clipboard_picture;
pub use image_source::ImageSource;
pub use recording::{Recording, RecordingEnd, RecordingSettings};
#[cfg(feature = "screen")]
pub use screen::{Screen, screens};

use crate::{Frame, ScanError};

/// Something that gives frames.
pub trait FrameSource {
    /// The next frame, waiting for it; `None` when there are no more.
    ///
    /// # Errors
    ///
    /// [`ScanError`] when there will be no more because of a failure.
    fn next_frame(&mut self) -> Result<Option<Frame>, ScanError>;

    /// Whether frames come by themselves, whether or not somebody takes them: then only the newest
    /// is of interest. Otherwise each is looked at.
    fn is_live(&self) -> bool {
        true
    }
}

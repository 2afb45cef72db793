//! The picture on the clipboard.

use arboard::{Clipboard, Error};

use crate::{LumaPicture, ScanError, frame::brightness};

/// The picture that was copied, as if it lay on white paper.
///
/// # Errors
///
/// [`ScanError::ClipboardWithoutPicture`], [`ScanError::ClipboardUnavailable`] when there is no
/// clipboard or another program holds it, [`ScanError::TooManyPixels`],
/// [`ScanError::BrokenPicture`].
pub fn clipboard_picture() -> Result<LumaPicture, ScanError> {
    let copied = Clipboard::new().and_then(|mut clipboard| clipboard.get_image());
    let image = copied.map_err(|error| match error {
        Error::ContentNotAvailable => ScanError::ClipboardWithoutPicture,
        Error::ConversionFailure => ScanError::BrokenPicture,
        _ => ScanError::ClipboardUnavailable,
    })?;
    let side = |length: usize| u32::try_from(length).map_err(|_| ScanError::TooManyPixels);
    let (width, height) = (side(image.width)?, side(image.height)?);
    let luma = image.bytes.chunks_exact(4).map(|pixel| {
        let dark = 255 - u32::from(brightness([pixel[0], pixel[1], pixel[2]]));
        255 - (dark * u32::from(pixel[3]) / 255).to_le_bytes()[0]
    });
    LumaPicture::new(width, height, luma.collect()).map_err(|error| match error {
        ScanError::BrokenFrame => ScanError::BrokenPicture,
        other => other,
    })
}
